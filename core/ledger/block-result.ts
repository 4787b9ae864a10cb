import type { Hash } from '../crypto/index.ts'
import type {
  Entry,
  HistoryRecord,
  NestedKey,
  PlainTransfers,
  Receipt,
  ReceiptEvent,
  ReceiptItem,
  ResultCode,
  StateKey,
  Transaction,
  TransactionId,
} from '../protocol/index.ts'
import type { BlockNote } from './block-scope.ts'
import type { UsedReference } from './state/commit.ts'

/**
 * A transaction in the order that consensus gave. Whoever calls has decoded it, computed the id from the body and verified
 * every signature of the witness; whether these signatures suffice is the ledger's question.
 */
export interface OrderedTransaction {
  readonly id: TransactionId
  readonly transaction: Transaction
}

/**
 * Why a copy of a transaction was passed over: it leaves no receipt and does not use up the id, so another copy, or the
 * same one later, may still count.
 */
export type SkipReason =
  | 'WRONG_LEDGER'
  | 'EXPIRED'
  | 'VALID_TOO_LONG'
  | 'DUPLICATE'
  | 'AUTHORIZER_MISSING'
  | 'AUTHORIZER_UNKNOWN'
  | 'VALIDATOR_MISUSED'
  | 'SIGNATURES_INSUFFICIENT'
  | 'SIGNATURE_SURPLUS'

export interface SkippedTransaction {
  readonly id: TransactionId
  readonly reason: SkipReason
}

/** The same as an `OrderedTransaction` for a transaction of the plain form, which is not decoded. */
export interface PlainTransaction {
  readonly id: TransactionId
  readonly plain: PlainTransfers
}

export type BlockItem = OrderedTransaction | PlainTransaction

/** A receipt with everything that proofs under it are made of. `items[i]` is the result of action i. */
export interface ExecutedReceipt {
  readonly kind: 'whole'
  /** What the receipts root is made of. */
  readonly leaf: Hash
  readonly receipt: Receipt
  readonly items: readonly { readonly item: ReceiptItem; readonly blind: Hash }[]
  /** In the order of the entries' root. */
  readonly entries: readonly { readonly entry: Entry; readonly blind: Hash }[]
  /** In the order of the events' root. */
  readonly events: readonly { readonly event: ReceiptEvent; readonly blind: Hash }[]
  /** For a derived transaction what caused it, such as the id of the expired hold. */
  readonly cause: Hash | undefined
  /** The copy that counted, with the witness that satisfied the policies; `undefined` for a derived transaction. */
  readonly transaction: Transaction | undefined
  /** Its place among the block's transactions; `undefined` for a derived one. */
  readonly ordinal: number | undefined
}

/**
 * The receipt of a transaction that the fast lane executed: what `openTransfers` needs besides the transaction itself.
 */
export interface TransfersReceipt {
  readonly kind: 'transfers'
  readonly id: TransactionId
  readonly leaf: Hash
  readonly result: ResultCode
  /** Its place among the block's receipts, and among the block's transactions. */
  readonly index: number
  readonly ordinal: number
  /** Number of each action's result. */
  readonly results: Uint8Array
  /**
   * Ten numbers for each done transfer: for the debited, then the credited position its sequence and its totals after it
   * (debits posted and pending, credits posted and pending). All are safe integers.
   */
  readonly lines: Float64Array
  /** Two for each done transfer: the numbers of the debited and the credited position (`Ledger.positionNumber`). */
  readonly positions: Int32Array
}

/** A record of the state, as audits walk them. */
export interface StoredRecord {
  readonly key: StateKey
  readonly encoded: Uint8Array
  readonly blind: Hash
}

/** A record of the nested trie under `key`. */
export interface StoredNested extends StoredRecord {
  readonly nested: NestedKey
}

export interface BlockResult {
  /** Derived transactions first, then the payload's; a receipt's place is its `position.index`. */
  readonly receipts: readonly (ExecutedReceipt | TransfersReceipt)[]
  readonly receiptsRoot: Hash
  /** After the block. */
  readonly stateRoot: Hash
  /** The block's leaf of the history. */
  readonly record: HistoryRecord
  readonly skipped: readonly SkippedTransaction[]
  readonly stateChanged: boolean
  /** Keys of new members, accounts, assets and positions. */
  readonly created: readonly StateKey[]
  /** References that were used for the first time. */
  readonly references: readonly UsedReference[]
  /** For the authors of contracts: what these logged, and where they failed. No part of the ledger. */
  readonly notes: readonly BlockNote[]
}
