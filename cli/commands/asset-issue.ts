import { issue, oneGroup } from '@tallystick/client'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { accountNamed } from '../ledger/accounts.ts'
import { assetOfCode } from '../ledger/assets.ts'
import { connect } from '../ledger/connect.ts'
import { issuerIdentifier } from '../ledger/issuer.ts'
import { memberKey, memberNamed, signerOf } from '../ledger/members.ts'
import { requireDone, settle } from '../ledger/settle.ts'
import { formatAmount, parseAmount } from '../output/amount.ts'

/** Without a reference: each run issues anew. */
export function assetIssueCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'issue <code> <amount> <account>',
    summary: 'bring new units into circulation on an account; the issuer signs',
    example: 'asset issue EUR 1000.00 DE02120300000000202051',
    online: true,
  }
  defineCommand<{ readonly memberKey?: string }>(
    parent,
    runtime,
    shape,
    async (context, options, code = '', amountText = '', to = '') => {
      const connection = await connect(context)
      const asset = await assetOfCode(connection.client, code, context.signal)
      const amount = parseAmount(amountText, asset.decimals)
      const { id: credit } = await accountNamed(context, connection, to)
      const issuer = memberNamed(connection, issuerIdentifier(connection.client, asset.record.issuer))
      const key = await memberKey(context, issuer, options.memberKey)
      const settled = await settle(context, connection, {
        groups: oneGroup([issue({ asset: asset.id, credit, amount })]),
        authorizers: [{ kind: 'member', member: issuer.id }],
        payer: issuer.id,
        signers: [signerOf(key)],
        keysNamed: options.memberKey !== undefined,
      })
      requireDone(settled)
      context.output.result({ code, amount, id: settled.id, receipt: settled.receiptPath }, [
        `issued ${formatAmount(amount, asset.decimals)} ${code}`,
        `receipt ${settled.receiptPath}`,
      ])
    },
  ).option('--member-key <file>', "the issuer's key file")
}
