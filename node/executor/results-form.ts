import { bytes32, type Infer, list, option, safeU64, struct, u32 } from '@tallystick/core/codec'
import {
  actionsMax,
  entry,
  executedRoots,
  historyRecord,
  payloadItemsMax,
  receipt,
  receiptEvent,
  receiptEventsMax,
  receiptItem,
} from '@tallystick/core/protocol'

/**
 * The form of one block's record in the results log:
 *
 *     length of the head (u32), head, a row for each receipt, the details of each receipt
 *
 * Rows have a fixed size, so that one of them is found without the others; details are packed, see `receipt-details.ts`.
 */
export const resultsHead = struct({
  record: historyRecord,
  roots: executedRoots,
  timeMs: safeU64,
  /** Where the block stands in the block files: the first byte of the encoded block, then of each of its batches. */
  files: option(struct({ segment: u32, parts: list(u32, payloadItemsMax + 1) })),
  count: u32,
})
export type ResultsHead = Infer<typeof resultsHead>

/** Distances from a row's start: id 32, leaf 32, number of the result 1, distance of the details from the record's start 4. */
export const rowAt = { id: 0, leaf: 32, result: 64, details: 65 } as const
export const rowBytes = 69

/** What the details keep of a receipt with anything but plain transfers; its entries follow as lines. */
export const storedWhole = struct({
  receipt,
  items: list(struct({ item: receiptItem, blind: bytes32 }), actionsMax),
  events: list(struct({ event: receiptEvent, blind: bytes32 }), receiptEventsMax),
  entries: u32,
})
/** A line of such a receipt, behind its packed numbers. */
export const storedEntryLine = struct({ entry, blind: bytes32 })

/** Every how many entries of a position the index has one, so that no page of a statement needs a long walk. */
export const indexedEntriesStep = 64

/** Whether the index keeps where this entry of a position stands. */
export function isIndexed(sequence: number): boolean {
  return sequence % indexedEntriesStep === indexedEntriesStep - 1
}

/** An entry's pointer: its line's place in the results log, and which of the line's two entries it is. */
export function pointerOf(linePlace: number, side: 0 | 1): number {
  return 2 * linePlace + side
}
