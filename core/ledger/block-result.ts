import type { Hash } from '../crypto/index.ts'
import type {
  Entry,
  HistoryRecord,
  NestedKey,
  Receipt,
  ReceiptItem,
  StateKey,
  Transaction,
  TransactionId,
} from '../protocol/index.ts'

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

/** A receipt with everything that proofs under it are made of. `items[i]` is the result of action i. */
export interface ExecutedReceipt {
  readonly receipt: Receipt
  readonly items: readonly { readonly item: ReceiptItem; readonly blind: Hash }[]
  /** In the order of the entries' root. */
  readonly entries: readonly { readonly entry: Entry; readonly blind: Hash }[]
  /** For a derived transaction what caused it, such as the id of the expired hold. */
  readonly cause: Hash | undefined
  /** The copy that counted, with the witness that satisfied the policies; `undefined` for a derived transaction. */
  readonly transaction: Transaction | undefined
}

/** A record as a store keeps it. */
export interface StoredRecord {
  readonly key: StateKey
  readonly encoded: Uint8Array
  readonly blind: Hash
}

/** A record of the nested trie under `key`. */
export interface StoredNested extends StoredRecord {
  readonly nested: NestedKey
}

/**
 * A change of the state, for the store. `drop` deletes the record of a nested trie (recent ids, references) together with
 * all nested records under it; `put-nested` always comes with a `put` of the root above it.
 */
export type StateChange =
  | ({ readonly kind: 'put' } & StoredRecord)
  | ({ readonly kind: 'put-nested' } & StoredNested)
  | { readonly kind: 'delete'; readonly key: StateKey }
  | { readonly kind: 'drop'; readonly key: StateKey }

export interface BlockResult {
  /** Derived transactions first, then the payload's; a receipt's place is its `position.index`. */
  readonly receipts: readonly ExecutedReceipt[]
  readonly receiptsRoot: Hash
  /** After the block. */
  readonly stateRoot: Hash
  /** The block's leaf of the history. */
  readonly record: HistoryRecord
  readonly skipped: readonly SkippedTransaction[]
  /** Sorted by the encoding of the key, then of the nested key; each key at most once. */
  readonly changes: readonly StateChange[]
  readonly stateChanged: boolean
}
