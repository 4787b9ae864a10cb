import type { Hash } from '@tallystick/core/crypto'
import type { NumberedBooking } from '@tallystick/core/ledger'
import type {
  AccountId,
  AccountRecord,
  AssetId,
  AssetRecord,
  BlockHash,
  BlockProof,
  CodeHash,
  ContractCode,
  ContractId,
  ContractRecord,
  Entry,
  FinalityProof,
  Genesis,
  Header,
  JsonValue,
  LedgerId,
  MemberId,
  MemberRecord,
  NestedKey,
  PositionRecord,
  Receipt,
  ReceiptEvent,
  ReceiptItem,
  ReceiptProof,
  ReferenceRecord,
  ResultCode,
  StateKey,
  StateProof,
  StoredTransaction,
  TransactionId,
} from '@tallystick/core/protocol'
import type { DescribedContract, RowsAsked, RowsPage, StoredNote } from '../executor/index.ts'

export type { DescribedContract, NumberedBooking, RowsAsked, RowsPage }

/**
 * What the API needs of the node, and all it may use. Everything is asynchronous, since consensus and the executor live
 * elsewhere. Answers about state are of the newest executed height, proofs of the newest certified one.
 * A rejected promise is a fault of the node: the caller gets `API_INTERNAL`, and the operator's log the cause.
 */
export interface NodePort {
  readonly genesis: Genesis
  /** The canonical text of the genesis file, as clients pin it. */
  readonly genesisText: string

  status(): Promise<NodeStatus>
  /** Prometheus' text format. */
  metrics(): Promise<string>

  /** @param encoded - The canonical encoding of one transaction, or of a list; nobody has looked at it. */
  submit(form: 'one' | 'list', encoded: Uint8Array): Promise<SubmitResult>
  /** One status per id, in order. Cheap: an open wait asks again whenever a block moves. */
  statusesOf(ids: readonly TransactionId[]): Promise<TransactionStatus[]>
  /** What the block stores of a transaction; `undefined` until it is final. */
  transaction(id: TransactionId): Promise<StoredTransaction | undefined>

  receipt(id: TransactionId): Promise<ReceiptView | undefined>
  receiptProof(id: TransactionId, parts: ReceiptParts): Promise<ReceiptProof | NoProof>
  /** All under one anchor. */
  stateProof(keys: readonly StateLookup[]): Promise<StateProof | NoProof>
  blockProof(height: number): Promise<BlockProof | NoProof>

  account(account: AccountId): Promise<AccountRecord | undefined>
  asset(asset: AssetId): Promise<AssetRecord | undefined>
  member(member: MemberId): Promise<MemberRecord | undefined>
  listAccounts(page: Page<AccountId> & { readonly member?: MemberId }): Promise<Listed<AccountId, AccountRecord>[]>
  listAssets(page: Page<AssetId>): Promise<Listed<AssetId, AssetRecord>[]>
  listMembers(page: Page<MemberId>): Promise<Listed<MemberId, MemberRecord>[]>
  positionsOf(account: AccountId, page: Page<AssetId>): Promise<Listed<AssetId, PositionRecord>[]>
  /** In rising order of the entries' sequence numbers. */
  entriesOf(account: AccountId, asset: AssetId, fromSequence: number, limit: number): Promise<EntryView[]>
  /** For each lookup, its uses under every date of the governed window. */
  references(lookups: readonly ReferenceLookup[]): Promise<ReferenceUse[][]>

  contract(contract: ContractId): Promise<DescribedContract | undefined>
  listContracts(page: Page<ContractId> & { readonly member?: MemberId }): Promise<Listed<ContractId, ContractRecord>[]>
  code(hash: CodeHash): Promise<ContractCode | undefined>
  /** `undefined` where there is no such contract. */
  contractRows(contract: ContractId, asked: RowsAsked): Promise<RowsPage | undefined>
  /** In the order in which they are due; `undefined` where there is no such contract. */
  contractBookings(contract: ContractId, limit: number): Promise<NumberedBooking[] | undefined>
  /** Calls a view; `height` is that of the state which it saw. */
  contractView(
    contract: ContractId,
    view: string,
    input: JsonValue,
    fuelMax: number,
  ): Promise<{ readonly height: number; readonly end: ViewEnd }>
  /** What this node kept for a contract's author: behind a number, or without one the newest; oldest first. */
  contractNotes(contract: ContractId, after: number | undefined, limit: number): Promise<NoteView[]>

  block(height: number): Promise<BlockView | undefined>
  /** Rising from `fromHeight`, without their transactions. */
  blocks(fromHeight: number, limit: number): Promise<BlockSummary[]>

  /**
   * The stored events behind the cursor, in the order of (height, index) and without gaps.
   * @param events - Events of contracts to show; none without it.
   * @returns `'gone'` where the cursor lies before what the node still has.
   */
  eventsAfter(after: EventCursor, limit: number, events?: EventFilter): Promise<NodeEvent[] | 'gone'>
  /** Calls back whenever a height moves. @returns what ends it. */
  watchHeights(listener: (heights: Heights) => void): () => void
}

/** The newest block that is ordered for ever, that has been executed, and whose roots a certified header carries. */
export interface Heights {
  readonly final: number
  readonly executed: number
  readonly proven: number
}

export interface NodeStatus {
  readonly name: string
  readonly version: string
  readonly ledger: LedgerId
  readonly role: 'validator' | 'observer'
  readonly heights: Heights
  /** Of the newest final block, Unix milliseconds. */
  readonly finalTimeMs: number
  readonly epoch: number
  readonly view: number
  readonly peers: readonly { readonly name: string; readonly connected: boolean }[]
  readonly mempool: { readonly transactions: number; readonly bytes: number }
  /** Whether the node is catching up with the others. */
  readonly syncing: boolean
  /** Why the node stopped for good, such as a root that differs from the certified one. */
  readonly halted: { readonly code: string; readonly detail: string } | undefined
  /** What an operator should know of while it lasts, such as why nothing becomes final. */
  readonly alarms: readonly { readonly code: string; readonly detail: string }[]
}

/** Why the node refuses a transaction. Each is a row of errors.ts. */
export type RefusalCode =
  | 'TX_WRONG_LEDGER'
  | 'TX_EXPIRED'
  | 'TX_VALIDITY_TOO_FAR'
  | 'TX_SIGNATURE_INVALID'
  | 'TX_SIGNATURE_MISSING'
  | 'TX_LIMITS_TOO_HIGH'
  | 'TX_LIMITS_TOO_LOW'
  | 'TX_ACTION_NOT_ACTIVE'
  | 'TX_TOO_LARGE'
  | 'MEMPOOL_FULL'
  | 'NODE_NOT_READY'

export type SubmitOutcome =
  | { readonly id: TransactionId; readonly status: 'received' | 'duplicate' }
  | { readonly id: TransactionId; readonly status: 'refused'; readonly code: RefusalCode; readonly detail: string }

export type SubmitResult =
  /** In the order of the submission; `retryAfterSeconds` is meant for those that found no room. */
  | {
      readonly kind: 'answered'
      readonly outcomes: readonly SubmitOutcome[]
      readonly retryAfterSeconds?: number | undefined
    }
  /** The bytes are not what they should be: where, and why. */
  | { readonly kind: 'malformed'; readonly detail: string }
  /** Nothing of it was looked at. */
  | {
      readonly kind: 'refused'
      readonly code: 'MEMPOOL_FULL' | 'NODE_NOT_READY'
      readonly detail: string
      readonly retryAfterSeconds?: number | undefined
    }

/** `expired`: its validity ended without it, so it did not happen and can't. */
export type TransactionStatus =
  | { readonly status: 'unknown' | 'received' | 'expired' }
  | { readonly status: 'final'; readonly height: number }
  | {
      readonly status: 'executed' | 'proven'
      readonly height: number
      readonly index: number
      readonly result: ResultCode
    }

/** `pending`: it exists, but no certified header covers it yet. */
export type NoProof = 'pending' | 'unknown'

/**
 * What to show beside the receipt: every one of a list, none (`[]`), or those of these indexes. Items, entries and events are
 * named by their index in the receipt; of components, 0 is the envelope and 1 the first action.
 */
export interface ReceiptParts {
  readonly items: PartSelection
  readonly entries: PartSelection
  readonly events: PartSelection
  readonly components: PartSelection
}
export type PartSelection = 'all' | readonly number[]

export interface ReceiptView {
  readonly receipt: Receipt
  readonly items: readonly ReceiptItem[]
  readonly entries: readonly Entry[]
  readonly events: readonly ReceiptEvent[]
}

export interface StateLookup {
  readonly key: StateKey
  readonly nested?: NestedKey | undefined
}

/** Sorted by id; `after` is the last id of the page before. */
export interface Page<Id> {
  readonly after?: Id | undefined
  readonly limit: number
}

export interface Listed<Id, R> {
  readonly id: Id
  readonly record: R
}

export interface EntryView {
  readonly entry: Entry
  /** Opens the entry's leaf, so that a statement can be checked against the position's chain. */
  readonly blind: Hash
  readonly transaction: TransactionId
  readonly height: number
  readonly index: number
  readonly timeMs: number
}

export interface ReferenceLookup {
  readonly member: MemberId
  readonly key: Uint8Array
}

export interface ReferenceUse {
  readonly businessDay: number
  readonly record: ReferenceRecord
}

/** How a view ended; `told` is what strangers may know of a failure. */
export type ViewEnd =
  | { readonly kind: 'done'; readonly output: string | undefined }
  | {
      readonly kind: 'failed'
      readonly result: ResultCode
      readonly told: { readonly code: string; readonly message: string }
    }

/** What a contract's author is told of a call. */
export type NoteView = Omit<StoredNote, 'contract'>

/** Events of one contract, or of one of its topics. */
export interface EventFilter {
  readonly contract: ContractId
  readonly topic?: string | undefined
}

export interface BlockSummary {
  readonly hash: BlockHash
  readonly header: Header
  /** `undefined` until it is executed. */
  readonly executed: { readonly receiptsRoot: Hash; readonly stateRoot: Hash } | undefined
}

export interface BlockView extends BlockSummary {
  readonly finality: FinalityProof | undefined
  /** In block order, derived ones included once it is executed. */
  readonly transactions: readonly { readonly id: TransactionId; readonly result: ResultCode | undefined }[]
}

/** Everything of this height up to and including this index; index −1 is before a block's first receipt. */
export interface EventCursor {
  readonly height: number
  readonly index: number
}

/** A block's receipts in their order, then `executed` with the number of its receipts as its index. */
export type NodeEvent =
  | {
      readonly kind: 'receipt'
      readonly height: number
      readonly index: number
      readonly id: TransactionId
      readonly result: ResultCode
      /** Whose positions it touched. */
      readonly accounts: readonly AccountId[]
      /** How many events contracts told, and those of them that were asked for, or the first of many. */
      readonly eventCount: number
      readonly events: readonly ReceiptEvent[]
    }
  | { readonly kind: 'executed'; readonly height: number; readonly index: number; readonly timeMs: number }
