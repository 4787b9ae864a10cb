import { eachAlone } from '@tallystick/client'
import { decode, toHex } from '@tallystick/core/codec'
import type { AccountId, AccountRecord, ActionOf, ResultCode, StateKey } from '@tallystick/core/protocol'
import { accountRecord } from '@tallystick/core/protocol'
import { readAddressBook, writeAddressBook } from '../address-book/address-book.ts'
import type { AddressBookEntry } from '../address-book/entry.ts'
import { type AccountWish, planAccount } from '../address-book/plan-account.ts'
import type { Context } from '../context.ts'
import type { Connection } from '../ledger/connect.ts'
import { signerOf } from '../ledger/members.ts'
import { orUnproven } from '../ledger/unproven.ts'
import { settleSetup } from './settle-setup.ts'

const keysPerProof = 200
/** Accounts of one transaction: far below the quota of a member. */
const accountsPerTransaction = 256

/** An account that is open now. */
export interface EnsuredAccount {
  readonly entry: AddressBookEntry
  /** As it was before this call; `undefined` if it was opened by it. */
  readonly record: AccountRecord | undefined
}

/** The proven records of accounts; `undefined` for what is not there, or on a ledger that has proven nothing yet. */
export async function accountRecords(
  { client }: Connection,
  accounts: readonly AccountId[],
  signal: AbortSignal,
): Promise<(AccountRecord | undefined)[]> {
  const records: (AccountRecord | undefined)[] = []
  for (let from = 0; from < accounts.length; from += keysPerProof) {
    const lookups = accounts
      .slice(from, from + keysPerProof)
      .map((account) => ({ key: { kind: 'account', account } satisfies StateKey }))
    const shown = client.verifiedState(lookups, { signal }).then(({ entries }) => entries.map(({ encoded }) => encoded))
    const entries = await orUnproven(
      shown,
      lookups.map(() => undefined),
    )
    records.push(...entries.map((encoded) => (encoded === undefined ? undefined : decode(accountRecord, encoded))))
  }
  return records
}

/**
 * Opens the accounts that are not open yet, many in one transaction per bank, and notes all in the address book. Keys and
 * address book are on disk before anything is sent, so an interrupted run is finished by the next.
 */
export async function ensureAccounts(
  context: Context,
  connection: Connection,
  wishes: readonly AccountWish[],
): Promise<EnsuredAccount[]> {
  const { network } = connection.client.genesis
  const book = await readAddressBook(context.home, network)
  const planned = []
  for (const wish of wishes) planned.push({ wish, ...(await planAccount(context, network, wish)) })
  for (const { entry } of planned) book.add(entry, { replace: false })
  if (planned.length > 0) await writeAddressBook(context.home, book)
  const records = await accountRecords(
    connection,
    planned.map(({ entry }) => entry.id),
    context.signal,
  )
  const missing = planned.filter((_, i) => records[i] === undefined)
  await openAll(context, connection, missing)
  return planned.map(({ entry }, i) => ({ entry, record: records[i] }))
}

const isOpen: ReadonlySet<ResultCode> = new Set<ResultCode>(['OK', 'ACCOUNT_EXISTS'])

async function openAll(
  context: Context,
  connection: Connection,
  missing: readonly { readonly wish: AccountWish; readonly action: ActionOf<'open-account'> }[],
): Promise<void> {
  const byMember = new Map<string, (typeof missing)[number][]>()
  for (const account of missing) {
    const member = toHex(account.wish.member.id)
    byMember.set(member, [...(byMember.get(member) ?? []), account])
  }
  for (const accounts of byMember.values()) {
    const { member, memberKey } = accounts[0]!.wish
    for (let from = 0; from < accounts.length; from += accountsPerTransaction) {
      const part = accounts.slice(from, from + accountsPerTransaction)
      const request = {
        groups: eachAlone(part.map(({ action }) => action)),
        authorizers: [{ kind: 'member', member: member.id } as const],
        payer: member.id,
        signers: [signerOf(memberKey)],
      }
      await settleSetup(context, connection, request, isOpen)
    }
  }
}
