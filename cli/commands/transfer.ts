import { oneGroup, transfer } from '@tallystick/client'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { accountNamed, accountRecordOf, accountSigner } from '../ledger/accounts.ts'
import { assetOfCode } from '../ledger/assets.ts'
import { connect } from '../ledger/connect.ts'
import { requireDone, settle } from '../ledger/settle.ts'
import { hexOption } from '../option-values.ts'
import { formatAmount, parseAmount } from '../output/amount.ts'

interface Options {
  readonly from: string
  readonly to: string
  readonly amount: string
  readonly asset: string
  readonly key?: string
  readonly reference?: string
}

const dayMs = 86_400_000

export function transferCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'transfer',
    summary: 'move value between two accounts and keep the verified receipt',
    example: 'transfer --from DE02120300000000202051 --to tallytest1… --amount 12.50 --asset EUR',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options) => {
    const connection = await connect(context)
    const debit = await accountNamed(context, connection, options.from)
    const credit = await accountNamed(context, connection, options.to)
    const asset = await assetOfCode(connection.client, options.asset, context.signal)
    const amount = parseAmount(options.amount, asset.decimals)
    const { member } = await accountRecordOf(context, connection, debit.id)
    const businessDay = Math.floor(Date.now() / dayMs)
    const reference = options.reference && { member, businessDay, key: hexOption('--reference', options.reference, 32) }
    const settled = await settle(context, connection, {
      groups: oneGroup([
        transfer({ debit: debit.id, credit: credit.id, asset: asset.id, amount, ...(reference && { reference }) }),
      ]),
      authorizers: [{ kind: 'account', account: debit.id }],
      payer: member,
      signers: [await accountSigner(context, debit, options.key)],
      keysNamed: options.key !== undefined,
    })
    requireDone(settled)
    const { result, position } = settled.verified.receipt
    context.output.result({ id: settled.id, result, height: position.height, amount, receipt: settled.receiptPath }, [
      `moved ${formatAmount(amount, asset.decimals)} ${asset.code} in block ${position.height}, verified`,
      `receipt ${settled.receiptPath}`,
    ])
  })
    .requiredOption('--from <account>', 'debited account: address, or account of the address book')
    .requiredOption('--to <account>', 'credited account')
    .requiredOption('--amount <amount>', 'such as 12.50')
    .requiredOption('--asset <code>', 'such as EUR')
    .option('--key <file>', 'key file of the debited account')
    .option('--reference <hex>', '32 bytes: a repeat with the same reference today pays nothing twice')
}
