import type { Ledger } from '@tallystick/core/ledger'
import type { AccountId, AssetId, PositionRecord } from '@tallystick/core/protocol'
import type { Database } from './index-database.ts'
import { indexedEntriesStep } from './results-form.ts'
import { entryKey, fromBigEndian } from './store-keys.ts'
import type { StoredEntry, StoredReceipts } from './stored-receipts.ts'

export interface StatementPage {
  readonly account: AccountId
  readonly asset: AssetId
  readonly fromSequence: number
  readonly limit: number
}

/**
 * A page of a position's entries, in rising order. Entries are linked backwards, so the walk begins at the next entry behind the
 * page that the index knows, or at the newest one.
 * @param position - As the state has it; `undefined` if there is none.
 */
export function readStatement(
  database: Database,
  receipts: StoredReceipts,
  ledger: Pick<Ledger, 'positionNumber' | 'lastEntry'>,
  position: PositionRecord | undefined,
  { account, asset, fromSequence, limit }: StatementPage,
): StoredEntry[] {
  const number = ledger.positionNumber(account, asset)
  if (position === undefined || number === undefined) return []
  const newest = Number(position.entries) - 1
  const last = Math.min(fromSequence + limit - 1, newest)
  if (last < fromSequence) return []

  const indexed = last - (last % indexedEntriesStep) + indexedEntriesStep - 1
  const known = indexed < newest ? database.getSync(entryKey(account, asset, indexed)) : undefined
  let pointer = known === undefined ? ledger.lastEntry(number) : fromBigEndian(known)
  const page: StoredEntry[] = []
  for (let sequence = known === undefined ? newest : indexed; sequence >= fromSequence; sequence--) {
    const { stored, before } = receipts.entry(pointer, account, asset)
    if (sequence <= last) page.push(stored)
    pointer = before
  }
  return page.reverse()
}
