import { makeAction, oneGroup } from '@tallystick/client'
import type { Action, ResultCode } from '@tallystick/core/protocol'
import { accountKey } from '@tallystick/iso20022'
import type { Context } from '../context.ts'
import type { Connection } from '../ledger/connect.ts'
import { memberKey, memberNamed, signerOf } from '../ledger/members.ts'
import { businessDayOf } from '../payments/identity.ts'
import { type EnsuredAccount, ensureAccounts } from './ensure-accounts.ts'
import { ensureAssets, type Issuer } from './ensure-assets.ts'
import { ensureFunds } from './ensure-funds.ts'
import { type ExampleCustomer, exampleCustomers, fundingMinor } from './example-plan.ts'
import { settleSetup } from './settle-setup.ts'

const settlementBank = 'settlement-bank'
/** The supervisor's file number of the example's frozen account. */
const frozenReason = 1
const isClosedOrFrozen: ReadonlySet<ResultCode> = new Set<ResultCode>(['OK', 'ACCOUNT_CLOSED'])

export async function demoIssuer(context: Context, connection: Connection): Promise<Issuer> {
  const member = memberNamed(connection, settlementBank)
  return { member, key: await memberKey(context, member) }
}

/**
 * Sets a demo ledger up by ordinary signed transactions: currencies, the customers' accounts, money for those who pay, one
 * closed and one frozen account. What is there already is left as it is, so an interrupted set-up goes on.
 * @param createdMs - When the network was created: the day of the funding's references.
 */
export async function setUpLedger(context: Context, connection: Connection, createdMs: number): Promise<void> {
  const issuer = await demoIssuer(context, connection)
  const assets = await ensureAssets(context, connection, issuer)
  const customers = exampleCustomers()
  const wishes = await Promise.all(
    customers.map(async ({ account, bank }) => {
      const member = memberNamed(connection, bank)
      const { iban, other, name, bic } = account
      const key = accountKey(iban === undefined ? { other: { id: other ?? '' } } : { iban })
      return { account: key, member, memberKey: await memberKey(context, member), kind: 'customer' as const, name, bic }
    }),
  )
  const accounts = await ensureAccounts(context, connection, wishes)
  const debtors = customers.flatMap(({ role, account }, i) => {
    const { entry, record } = accounts[i]!
    const isNew = record === undefined || record.openPositions === 0
    return role === 'debtor' && isNew ? [{ account: entry.id, asset: assets.get(account.currency)! }] : []
  })
  await ensureFunds(
    context,
    connection,
    issuer,
    debtors.map(({ account, asset }) => {
      return { account, asset, amountMinor: fundingMinor, purpose: 'demo' }
    }),
    businessDayOf(new Date(createdMs).toISOString().slice(0, 10)),
  )
  for (const [i, customer] of customers.entries()) await closeOrFreeze(context, connection, customer, accounts[i]!)
}

async function closeOrFreeze(
  context: Context,
  connection: Connection,
  { state, bank }: ExampleCustomer,
  { entry, record }: EnsuredAccount,
): Promise<void> {
  if (state === 'active' || record?.status === state) return
  const action: Action =
    state === 'closed'
      ? makeAction('close-account', { account: entry.id })
      : makeAction('set-account-status', { account: entry.id, status: 'frozen', reason: frozenReason })
  const member = memberNamed(connection, bank)
  const request = {
    groups: oneGroup([action]),
    authorizers: [{ kind: 'member', member: member.id } as const],
    payer: member.id,
    signers: [signerOf(await memberKey(context, member))],
  }
  await settleSetup(context, connection, request, isClosedOrFrozen)
}
