import { setContractStatus } from '@tallystick/client'
import type { Command } from 'commander'
import { actAsKeeper } from '../contracts/act-as-keeper.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'
import { integerOption } from '../option-values.ts'

interface Options {
  readonly reason: string
  readonly key?: string
}

const reasonMax = 2 ** 32 - 1

/** `contract pause` and `contract resume`. */
export function contractStatusCommand(
  parent: Command,
  runtime: Runtime,
  { name, status, summary }: { readonly name: string; readonly status: 'active' | 'paused'; readonly summary: string },
): void {
  const shape = { name: `${name} <contract>`, summary, example: `contract ${name} my-contract`, online: true }
  defineCommand<Options>(parent, runtime, shape, async (context, options, named = '') => {
    const connection = await connect(context)
    const reason = integerOption('--reason', options.reason, 0, reasonMax)
    const contract = await contractNamed(connection, named, context.signal)
    const action = setContractStatus(contract.id, status, reason)
    const settled = await actAsKeeper(context, connection, contract, action, options.key)
    const { height } = settled.verified.receipt.position
    context.output.result({ contract: contract.id, status, height, receipt: settled.receiptPath }, [
      `${contract.record.name} is ${status} since block ${height}, verified`,
      `receipt  ${settled.receiptPath}`,
    ])
  })
    .option('--reason <number>', 'a file number that stands in the receipt', '0')
    .option('--key <file>', "key file of the contract's member")
}
