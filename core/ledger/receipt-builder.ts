import { type Hash, listRoot } from '../crypto/index.ts'
import {
  eventLeaf,
  itemLeaf,
  type Receipt,
  type ReceiptItem,
  type ReceiptPosition,
  type ResultCode,
  receiptLeaf,
  receiptListKind,
  type Transaction,
  type TransactionId,
  type TransactionLimits,
} from '../protocol/index.ts'
import type { WrittenEntry, WrittenEvent } from './action-scope.ts'
import type { ExecutedReceipt } from './block-result.ts'
import type { BlockScope } from './block-scope.ts'

const noEntries = listRoot(receiptListKind.entries, [])
const noEvents = listRoot(receiptListKind.events, [])

function rootOfEntries(entries: readonly WrittenEntry[]): Hash {
  if (entries.length === 0) return noEntries
  return listRoot(
    receiptListKind.entries,
    entries.map(({ leaf }) => leaf),
  )
}

function rootOfEvents(events: readonly WrittenEvent[]): Hash {
  if (events.length === 0) return noEvents
  return listRoot(
    receiptListKind.events,
    events.map(({ event, blind }) => eventLeaf(event, blind)),
  )
}

export interface ReceiptParts {
  readonly id: TransactionId
  readonly position: Pick<ReceiptPosition, 'phase' | 'index'>
  readonly result: ResultCode
  readonly charged: TransactionLimits
  readonly items: readonly { readonly item: ReceiptItem; readonly blind: Hash }[]
  readonly entries: readonly WrittenEntry[]
  readonly events?: readonly WrittenEvent[]
  readonly cause: Hash | undefined
  readonly transaction: Transaction | undefined
  readonly ordinal: number | undefined
}

export function buildReceipt(
  block: Pick<BlockScope, 'ledger' | 'height' | 'timeMs'>,
  parts: ReceiptParts,
): ExecutedReceipt {
  const { items, entries, events = [] } = parts
  const receipt: Receipt = {
    version: 1,
    ledger: block.ledger,
    id: parts.id,
    position: { height: block.height, ...parts.position },
    timeMs: block.timeMs,
    result: parts.result,
    charged: parts.charged,
    itemsRoot: listRoot(
      receiptListKind.items,
      items.map(({ item, blind }) => itemLeaf(item, blind)),
    ),
    entriesRoot: rootOfEntries(entries),
    eventsRoot: rootOfEvents(events),
  }
  const { cause, transaction, ordinal } = parts
  const shown = entries.map(({ entry, blind }) => ({ entry, blind }))
  return {
    kind: 'whole',
    leaf: receiptLeaf(receipt),
    receipt,
    items,
    entries: shown,
    events,
    cause,
    transaction,
    ordinal,
  }
}
