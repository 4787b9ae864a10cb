import { ClientError } from '@tallystick/client'
import type { Command } from 'commander'
import { inputFor, publishedManifest } from '../contracts/published-manifest.ts'
import { readInput } from '../contracts/read-input.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'

export function contractViewCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'view <contract> <view> [json]',
    summary: 'ask a view with JSON, @FILE or - (standard input); one node tells',
    example: 'contract view escrow deal \'{"id":"order-1"}\'',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context, _options, named = '', name = '', given = '') => {
    const { signal } = context
    const connection = await connect(context)
    const contract = await contractNamed(connection, named, signal)
    const manifest = await publishedManifest(context, connection, contract)
    const json = await readInput(context, given)
    const input = await inputFor(context, connection, manifest, { kind: 'views', name, input: json })
    const { height, output } = await connection.client
      .contractView(contract.id, name, input, { signal })
      .catch((error: unknown) => {
        throw (error instanceof ClientError && refusalOf(error)) || error
      })
    context.output.result({ contract: contract.id, view: name, output, height, verified: false }, [
      JSON.stringify(output, null, 2),
    ])
  })
}

function refusalOf({ problem }: ClientError): CliError | undefined {
  const { failure } = problem ?? {}
  return failure && new CliError('CONTRACT_VIEW_FAILED', `${failure.code}: ${failure.message}`, { failure })
}
