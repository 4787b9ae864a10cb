import { bytes32, type Infer, list, option, safeU64, struct, u32, version } from '@tallystick/core/codec'
import {
  actionsMax,
  entry,
  executedRoots,
  historyRecord,
  ledgerId,
  receipt,
  receiptItem,
  resultCode,
  storedTransaction,
  transactionId,
} from '@tallystick/core/protocol'

/** What the store keeps of itself. Another version is refused, with the advice to replay from the blocks. */
export const storeMeta = struct({
  version: version(1),
  ledger: ledgerId,
  height: safeU64,
  timeMs: safeU64,
  historyPeaks: list(bytes32, 64),
})
export type StoreMeta = Infer<typeof storeMeta>

/** A receipt with everything that proofs under it need, under its transaction's id. */
export const storedReceipt = struct({
  receipt,
  items: list(struct({ item: receiptItem, blind: bytes32 }), actionsMax),
  entries: list(struct({ entry, blind: bytes32 }), actionsMax * 4),
  /** Absent for derived transactions. */
  transaction: option(storedTransaction),
})
export type StoredReceipt = Infer<typeof storedReceipt>

/** An executed block: its history record, the roots after it, and its receipts in order. */
export const storedBlock = struct({
  record: historyRecord,
  roots: executedRoots,
  timeMs: safeU64,
  receipts: list(struct({ id: transactionId, result: resultCode, leaf: bytes32 }), 1_048_576),
})
export type StoredBlock = Infer<typeof storedBlock>

/** One line of a position's statement. */
export const storedEntry = struct({
  entry,
  blind: bytes32,
  transaction: transactionId,
  height: safeU64,
  index: u32,
  timeMs: safeU64,
})
export type StoredEntry = Infer<typeof storedEntry>
