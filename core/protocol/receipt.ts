import {
  bytes32,
  encode,
  enumeration,
  type Infer,
  list,
  option,
  safeU64,
  struct,
  text,
  u32,
  u128,
  version,
} from '../codec/index.ts'
import { type Hash, listRoot, taggedHash } from '../crypto/index.ts'
import { reference } from './actions.ts'
import { accountId, assetId, contractId, ledgerId, transactionId } from './ids.ts'
import { actionsMax, contractNameBytesMax, eventDataBytesMax, receiptEventsMax } from './limits.ts'
import { resultCode } from './results.ts'

/** Blocks execute derived transactions that are due, then their payload, then what the payload caused. */
export const receiptPhase = enumeration({ begin: 1, payload: 2, end: 3 })

/** `index` counts all receipts of the block, so it is the receipt's place under the receipts root. */
export const receiptPosition = struct({ height: safeU64, phase: receiptPhase, index: u32 })
export type ReceiptPosition = Infer<typeof receiptPosition>

export const receipt = struct({
  version: version(1),
  ledger: ledgerId,
  id: transactionId,
  position: receiptPosition,
  timeMs: safeU64,
  /**
   * `OK` if every group succeeded, or `ALREADY_DONE` if every action of theirs was done earlier; `PARTLY_DONE` if some
   * groups succeeded; otherwise the first failure.
   */
  result: resultCode,
  /** The declared limits, which are what is charged; zero where the payer's quota did not allow them. */
  charged: struct({ steps: safeU64, writtenBytes: safeU64 }),
  itemsRoot: bytes32,
  entriesRoot: bytes32,
  eventsRoot: bytes32,
})
export type Receipt = Infer<typeof receipt>

/** Where a transaction was executed first. */
export const receiptPointer = struct({ id: transactionId, height: safeU64, index: u32, action: u32 })
export type ReceiptPointer = Infer<typeof receiptPointer>

/** The result of one action: its leaf's index is the action's. */
export const receiptItem = struct({
  group: u32,
  action: u32,
  result: resultCode,
  reference: option(reference),
  /** For `ALREADY_DONE`: the action that did it. */
  original: option(receiptPointer),
})
export type ReceiptItem = Infer<typeof receiptItem>

export const positionTotals = struct({
  debitsPosted: u128,
  debitsPending: u128,
  creditsPosted: u128,
  creditsPending: u128,
})
export type PositionTotals = Infer<typeof positionTotals>

export const entryKind = enumeration({ posted: 1, pending: 2, released: 3 })
export const entrySide = enumeration({ debit: 1, credit: 2 })

/**
 * One change of a position: `posted` moves value, `pending` reserves it, `released` ends a reservation. Posting a hold
 * writes a `released` and a `posted` entry.
 */
export const entry = struct({
  account: accountId,
  asset: assetId,
  /** The position's entries are numbered from 0, so a gap in a statement shows. */
  sequence: safeU64,
  kind: entryKind,
  side: entrySide,
  amount: u128,
  action: u32,
  after: positionTotals,
})
export type Entry = Infer<typeof entry>

/** What a contract tells. `data` is JSON. */
export const receiptEvent = struct({
  action: u32,
  source: contractId,
  topic: text(contractNameBytesMax),
  data: text(eventDataBytesMax),
})
export type ReceiptEvent = Infer<typeof receiptEvent>

export const receiptEvents = list(receiptEvent, receiptEventsMax)
export const receiptItems = list(receiptItem, actionsMax)
/** A transfer writes two entries, posting a hold four. */
export const receiptEntries = list(entry, actionsMax * 4)

const blindPreimage = struct({ salt: bytes32, index: u32 })

/**
 * The blind of a receipt's item (index 0) or entry (1, 2, …) of one action, so that a sibling's leaf in someone else's
 * proof tells nothing.
 * @param salt - The action's blinding salt (`blindingSalt`); for derived transactions see `stateBlind`.
 */
export function receiptBlind(salt: Hash, index: number): Hash {
  return taggedHash('tallystick/receipt-blind', encode(blindPreimage, { salt, index }))
}

export function itemLeaf(item: Infer<typeof receiptItem>, blind: Hash): Hash {
  return taggedHash('tallystick/receipt-item', blind, encode(receiptItem, item))
}

export function entryLeaf(value: Entry, blind: Hash): Hash {
  return taggedHash('tallystick/receipt-entry', blind, encode(entry, value))
}

/** @param blind - Counted with the entries' blinds from the top: an event's is number 2^32 - 1 - its place in the action. */
export function eventLeaf(value: ReceiptEvent, blind: Hash): Hash {
  return taggedHash('tallystick/receipt-event', blind, encode(receiptEvent, value))
}

export function receiptLeaf(value: Receipt): Hash {
  return taggedHash('tallystick/receipt', encode(receipt, value))
}

export const receiptListKind = {
  receipts: 'receipts',
  items: 'receipt-items',
  entries: 'receipt-entries',
  events: 'receipt-events',
} as const

export function receiptsRootOf(receipts: readonly Receipt[]): Hash {
  return listRoot(receiptListKind.receipts, receipts.map(receiptLeaf))
}

/** The hash chain over a position's entries: a statement is complete if it leads from one proven link to another. */
export function nextEntryLink(link: Hash, leaf: Hash): Hash {
  return taggedHash('tallystick/entry-chain', link, leaf)
}
