import {
  actionsOf,
  blindingSalt,
  type Entry,
  entryLeaf,
  type LedgerId,
  type ReceiptItem,
  type ResultCode,
  receiptBlind,
  resultOfNumber,
} from '../../protocol/index.ts'
import type { WrittenEntry } from '../action-scope.ts'
import { assertHolds } from '../assertion.ts'
import type { ExecutedReceipt, OrderedTransaction } from '../block-result.ts'
import { overallResult } from '../execute-transaction.ts'
import { buildReceipt } from '../receipt-builder.ts'
import { lineNumbers } from './lane-results.ts'

/**
 * Makes the whole receipt of a transaction of transfers again, from the transaction and what the lane kept of it.
 * @param numbers - Numbers of the results, one for each action.
 * @param lines - As in `TransfersReceipt`.
 */
export function rebuildTransfers(
  { id, transaction }: OrderedTransaction,
  at: { readonly ledger: LedgerId; readonly height: number; readonly timeMs: number; readonly index: number },
  numbers: Uint8Array,
  lines: Float64Array,
): ExecutedReceipt {
  const { body } = transaction
  const items: { item: ReceiptItem; blind: Uint8Array }[] = []
  const entries: WrittenEntry[] = []
  let line = 0
  const add = (salt: Uint8Array, change: Omit<Entry, 'sequence' | 'after' | 'kind'>): void => {
    const entry: Entry = { ...change, kind: 'posted', sequence: lines[line]!, after: totalsOf(lines, line) }
    const blind = receiptBlind(salt, change.side === 'debit' ? 1 : 2)
    entries.push({ entry, blind, leaf: entryLeaf(entry, blind) })
    line += lineNumbers
  }
  for (const [i, action] of actionsOf(body).entries()) {
    assertHolds(action.kind === 'transfer', () => 'lines of transfers are kept for another action')
    const result: ResultCode = resultOfNumber(numbers[i]!)
    const salt = blindingSalt(body.nonce, i + 1)
    const item = { group: i, action: i, result, reference: undefined, original: undefined }
    items.push({ item, blind: receiptBlind(salt, 0) })
    if (result !== 'OK') continue
    const { debit, credit, asset, amount } = action
    add(salt, { account: debit, asset, side: 'debit', amount, action: i })
    add(salt, { account: credit, asset, side: 'credit', amount, action: i })
  }
  return buildReceipt(at, {
    id,
    position: { phase: 'payload', index: at.index },
    result: overallResult(
      items.map(({ item }) => item),
      body.groups.length,
    ),
    charged: body.limits,
    items,
    entries,
    cause: undefined,
    transaction,
    ordinal: undefined,
  })
}

function totalsOf(lines: Float64Array, line: number): Entry['after'] {
  return {
    debitsPosted: BigInt(lines[line + 1]!),
    debitsPending: BigInt(lines[line + 2]!),
    creditsPosted: BigInt(lines[line + 3]!),
    creditsPending: BigInt(lines[line + 4]!),
  }
}
