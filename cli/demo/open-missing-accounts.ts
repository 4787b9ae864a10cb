import { type Account, accountKey, type CreditTransfer } from '@tallystick/iso20022'
import { type AddressBook, readAddressBook } from '../address-book/address-book.ts'
import type { AccountWish } from '../address-book/plan-account.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { assetsOfCodes } from '../ledger/assets.ts'
import type { Connection } from '../ledger/connect.ts'
import { memberKey, memberNamed } from '../ledger/members.ts'
import { businessDayOf } from '../payments/identity.ts'
import { accountRecords, ensureAccounts } from './ensure-accounts.ts'
import { ensureFunds, type FundingWish } from './ensure-funds.ts'
import { demoIssuer } from './set-up-ledger.ts'

/** Whoever pays banks with one member, whoever is paid with the other. */
const debtorsBank = 'alpine-bank'
const creditorsBank = 'harbour-bank'

interface Party {
  readonly account: Account
  readonly name?: string
  readonly agentBic?: string
}

/** What a debtor pays in one currency in the whole file. */
interface Need {
  readonly debtor: Party
  readonly currency: string
  amountMinor: bigint
}

/**
 * Opens the accounts of a file that the address book does not have, and funds those that pay and have never had the
 * currency with what they pay. For demo networks, whose members' keys are all here. Repeating it, also after an
 * interruption, issues nothing twice.
 * @throws {CliError} DEMO_NETWORK_ONLY
 */
export async function openMissingAccounts(
  context: Context,
  connection: Connection,
  payments: AsyncIterable<CreditTransfer>,
): Promise<void> {
  const { genesis } = connection.client
  if (genesis.network !== 'test' || connection.network === undefined) {
    throw new CliError('DEMO_NETWORK_ONLY', '--open-accounts needs a demo network of this machine')
  }
  const book = await readAddressBook(context.home, genesis.network)
  const parties = new Map<string, { readonly party: Party; readonly bank: string }>()
  const needs = new Map<string, Need>()
  let messageId = ''
  for await (const { debtor, creditor, currency, amountMinor, messageId: message } of payments) {
    messageId = message
    parties.set(accountKey(creditor.account), { party: creditor, bank: creditorsBank })
    const key = `${accountKey(debtor.account)} ${currency}`
    const need = needs.get(key) ?? { debtor, currency, amountMinor: 0n }
    need.amountMinor += amountMinor
    needs.set(key, need)
  }
  for (const { debtor } of needs.values()) parties.set(accountKey(debtor.account), { party: debtor, bank: debtorsBank })
  const missing = await missingOf(connection, book, [...parties.values()], context.signal)
  const wishes = missing.map(({ party, bank }) => wishOf(context, connection, party, bank))
  await ensureAccounts(context, connection, await Promise.all(wishes))
  await fund(context, connection, [...needs.values()], messageId, connection.network.createdMs)
}

/** What the address book does not have, or the ledger not yet, where an earlier run was interrupted. */
async function missingOf(
  connection: Connection,
  book: AddressBook,
  parties: readonly { readonly party: Party; readonly bank: string }[],
  signal: AbortSignal,
): Promise<{ readonly party: Party; readonly bank: string }[]> {
  const entries = parties.map(({ party }) => book.find(accountKey(party.account), party.agentBic))
  const known = entries.flatMap((entry) => (entry === undefined ? [] : [entry.id]))
  const records = (await accountRecords(connection, known, signal)).values()
  return parties.flatMap(({ party, bank }, i) => {
    const entry = entries[i]
    if (entry === undefined) return [{ party, bank }]
    const isOpen = records.next().value !== undefined
    return isOpen || entry.member === undefined ? [] : [{ party, bank: entry.member }]
  })
}

async function wishOf(context: Context, connection: Connection, party: Party, bank: string): Promise<AccountWish> {
  const member = memberNamed(connection, bank)
  const { account, name, agentBic } = party
  return {
    account: accountKey(account),
    member,
    memberKey: await memberKey(context, member),
    kind: 'customer',
    name,
    bic: agentBic,
  }
}

async function fund(
  context: Context,
  connection: Connection,
  needs: readonly Need[],
  messageId: string,
  createdMs: number,
): Promise<void> {
  const book = await readAddressBook(context.home, connection.client.genesis.network)
  const codes = [...new Set(needs.map(({ currency }) => currency))]
  const assets = await assetsOfCodes(connection.client, codes, context.signal)
  const wishes: FundingWish[] = []
  for (const { debtor, currency, amountMinor } of needs) {
    const entry = book.find(accountKey(debtor.account), debtor.agentBic)
    const asset = assets.get(currency)
    if (entry === undefined || asset === undefined) continue
    const { value: position } = await connection.client.verifiedPosition(entry.id, asset.id, { signal: context.signal })
    if (position === undefined) wishes.push({ account: entry.id, asset, amountMinor, purpose: messageId })
  }
  const day = businessDayOf(new Date(createdMs).toISOString().slice(0, 10))
  await ensureFunds(context, connection, await demoIssuer(context, connection), wishes, day)
}
