import { setTimeout as delay } from 'node:timers/promises'
import type { ContractNote } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { Command } from 'commander'
import { nodeWithNotes, readerOf, stackMapper } from '../contracts/notes.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'
import { integerOption } from '../option-values.ts'

interface Options {
  readonly follow?: boolean
  readonly limit: string
  readonly key?: string
}

const pollMs = 500

export function contractLogsCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'logs <contract>',
    summary: 'show calls that logged something or failed, with the lines of the source; its member signs the question',
    example: 'contract logs my-contract --follow',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, named = '') => {
    const { signal, output } = context
    const connection = await connect(context)
    const limit = integerOption('--limit', options.limit, 1, 500)
    const contract = await contractNamed(connection, named, signal)
    const reader = await readerOf(context, connection, contract, options.key)
    const { node, notes } = await nodeWithNotes(connection, (each) =>
      each.contractLogs(contract.id, reader, { limit, signal }),
    )
    const traceOf = stackMapper(context, node, contract)
    const shown = async ({ stack, ...note }: ContractNote): Promise<ShownCall> => {
      return { ...note, failure: stack?.split('\n', 1)[0], trace: await traceOf({ ...note, stack }) }
    }
    if (options.follow !== true) {
      const calls: ShownCall[] = []
      for (const note of notes) calls.push(await shown(note))
      output.result({ contract: contract.id, calls, verified: false }, calls.flatMap(linesOf))
      return
    }
    const tell = async (note: ContractNote): Promise<void> => {
      const call = await shown(note)
      output.result(call, linesOf(call))
    }
    for (const note of notes) await tell(note)
    for (let after = notes.at(-1)?.number ?? 0; !signal.aborted; ) {
      await delay(pollMs, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      const next = await node.contractLogs(contract.id, reader, { after, limit, signal })
      for (const note of next) await tell(note)
      after = next.at(-1)?.number ?? after
    }
  })
    .option('--follow', 'go on with what comes, until Ctrl-C; with --json one document a line')
    .option('--limit <count>', 'newest calls that are shown', '20')
    .option('--key <file>', "key file of the contract's member")
}

interface ShownCall extends Omit<ContractNote, 'stack'> {
  readonly failure: string | undefined
  readonly trace: string | undefined
}

function linesOf({ timeMs, name, height, fuelUsed, transaction, lines, failure, trace }: ShownCall): string[] {
  const time = new Date(timeMs).toISOString().replace('T', ' ').slice(0, 23)
  const what = `${name}  block ${height}, fuel ${fuelUsed.toLocaleString('en')}, transaction ${toHex(transaction)}`
  return [
    `${time}  ${what}`,
    ...lines.map((line) => `    ${line}`),
    ...(failure === undefined ? [] : [`    failed: ${failure}`]),
    ...(trace === undefined ? [] : trace.split('\n').map((line) => `    ${line}`)),
  ]
}
