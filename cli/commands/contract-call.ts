import { callAuthorizers, contractCall, oneGroup } from '@tallystick/client'
import type { Command } from 'commander'
import { traceOf } from '../contracts/notes.ts'
import { eventLines, eventsOf, requireContractDone } from '../contracts/outcome.ts'
import { inputFor, publishedManifest } from '../contracts/published-manifest.ts'
import { readInput } from '../contracts/read-input.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'
import { type PartiesOptions, partiesOf } from '../ledger/parties.ts'
import { settle } from '../ledger/settle.ts'
import { integerOption, several } from '../option-values.ts'

interface Options extends PartiesOptions {
  readonly fuel: string
  readonly writtenBytes: string
}

export function contractCallCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'call <contract> <action> [json]',
    summary: 'call an action with JSON, @FILE or - (standard input), and keep the verified receipt',
    example: 'contract call escrow release \'{"id":"order-1","by":"4711","amount":"12.50 EUR"}\' --as 4711',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, named = '', name = '', given = '') => {
    const connection = await connect(context)
    const startMs = performance.now()
    const contract = await contractNamed(connection, named, context.signal)
    const manifest = await publishedManifest(context, connection, contract)
    const json = await readInput(context, given)
    const input = await inputFor(context, connection, manifest, { kind: 'actions', name, input: json })
    const { callers, funds, payer, signers } = await partiesOf(context, connection, options)
    const { fuelMax, writtenBytesMax } = connection.client.genesis.parameters.contracts
    const call = {
      contract: contract.id,
      action: name,
      input,
      callers,
      funds,
      fuel: integerOption('--fuel', options.fuel, 1, fuelMax),
      writtenBytes: integerOption('--written-bytes', options.writtenBytes, 0, writtenBytesMax),
    }
    const settled = await settle(context, connection, {
      groups: oneGroup([contractCall(call)]),
      authorizers: callAuthorizers(call),
      payer,
      signers,
      keysNamed: options.key !== undefined,
    })
    const returned = requireContractDone(settled, contract.id, await traceOf(context, connection, contract, settled))
    const events = eventsOf(settled.verified, contract.id)
    const { result, position, timeMs } = settled.verified.receipt
    const tookMs = Math.round(performance.now() - startMs)
    const place = { height: position.height, timeMs, receipt: settled.receiptPath, tookMs }
    context.output.result({ id: settled.id, contract: contract.id, action: name, result, returned, events, ...place }, [
      `${contract.record.name}.${name} done in block ${position.height}, verified, in ${tookMs} ms`,
      ...(returned === undefined ? [] : [`returned ${JSON.stringify(returned)}`]),
      ...eventLines(events, contract.id),
      `receipt  ${settled.receiptPath}`,
    ])
  })
    .option(
      '--as <party>',
      "account or member in whose name it is called; the home's first publisher otherwise",
      several,
    )
    .option('--fund <fund>', 'ACCOUNT:ASSET:AMOUNT that the contract may take, such as 4711:EUR:12.50', several)
    .option('--fuel <units>', 'what the call may use, and is charged for', '5000000')
    .option('--written-bytes <bytes>', 'what it may write, and is charged for', '65536')
    .option('--key <file>', 'key file of a party whose key is not in the home', several)
}
