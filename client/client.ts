import type {
  AccountId,
  AccountRecord,
  Action,
  AssetId,
  AssetRecord,
  BlockProof,
  CodeHash,
  ContractBooking,
  ContractCode,
  ContractId,
  ContractRecord,
  ContractRow,
  Entry,
  Envelope,
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
  Transaction,
  TransactionId,
} from '@tallystick/core/protocol'
import type { Reader } from './contracts/sign-request.ts'
import type { ClientError } from './errors.ts'

/**
 * A ledger as an application sees it. It trusts no node: what `verified…` returns was checked down from the validators
 * of the genesis, everything else is one node's word (docs/client.md lists which).
 * All methods fail with `ClientError`.
 */
export interface Client {
  readonly genesis: Genesis
  readonly ledger: LedgerId

  /** Sends a signed transaction until a node takes it. Safe to repeat: its id is the same. */
  submit(transaction: Transaction, options?: CallOptions): Promise<Submitted>
  /**
   * Sends many and waits for all; what a node lost on the way (it was stopped, say) is sent again through another until its
   * validity ends. Ends with the last statuses, also where the time is up. Unverified.
   */
  settle(transactions: readonly Transaction[], stage: Stage, options?: SettleOptions): Promise<Settled[]>
  /** Sends many; what is refused stands in its outcome. One outcome per transaction, in order. */
  submitMany(transactions: readonly Transaction[], options?: SubmitManyOptions): Promise<SubmitOutcome[]>
  /** Unverified. One per id, in order. */
  statusesOf(ids: readonly TransactionId[], options?: CallOptions): Promise<TransactionStatus[]>
  /**
   * Waits until the transaction is at least at the stage. Unverified.
   * @throws {ClientError} CLIENT_WAIT_TIMEOUT, CLIENT_TRANSACTION_EXPIRED.
   */
  waitFor(id: TransactionId, stage: Stage, options?: WaitOptions): Promise<TransactionStatus>
  /** Waits for many at once. Ends with the last statuses, also where the time is up. Unverified. */
  waitForAll(ids: readonly TransactionId[], stage: Stage, options?: WaitManyOptions): Promise<TransactionStatus[]>

  verifiedReceipt(id: TransactionId, options?: ReceiptOptions): Promise<VerifiedReceipt>
  /** One per request, in order; an error stands in place of what failed. */
  verifiedReceipts(
    requests: readonly ReceiptRequest[],
    options?: ManyReceiptsOptions,
  ): Promise<(VerifiedReceipt | ClientError)[]>
  /** Records or their absence, all at one height, in the order of the keys. */
  verifiedState(keys: readonly StateLookup[], options?: ReadOptions): Promise<VerifiedState>
  verifiedAccount(account: AccountId, options?: ReadOptions): Promise<Verified<AccountRecord | undefined>>
  verifiedPosition(
    account: AccountId,
    asset: AssetId,
    options?: ReadOptions,
  ): Promise<Verified<PositionRecord | undefined>>
  verifiedAsset(asset: AssetId, options?: ReadOptions): Promise<Verified<AssetRecord | undefined>>
  verifiedMember(member: MemberId, options?: ReadOptions): Promise<Verified<MemberRecord | undefined>>
  verifiedContract(contract: ContractId, options?: ReadOptions): Promise<Verified<ContractRecord | undefined>>
  /**
   * A row of a contract's tables, or the proof that there is none; the contract's record is proven with it.
   * @param key - As the contract wrote it.
   */
  verifiedContractRow(
    contract: ContractId,
    key: string,
    options?: ReadOptions,
  ): Promise<Verified<ContractRow | undefined>>
  /** The first use of a reference under one business day, or the proof that there is none. */
  verifiedReference(
    member: MemberId,
    businessDay: number,
    key: Uint8Array,
    options?: ReadOptions,
  ): Promise<Verified<ReferenceRecord | undefined>>
  /**
   * Whether a transaction happened, with the proof that it did not and can't: after its validity its id is not among the
   * recent ones. Possible for an hour after the validity's minute. `validUntilMs` is the transaction's own.
   * @throws {ClientError} CLIENT_NOT_PROVEN_YET while it may still happen; CLIENT_NOT_FOUND after the hour.
   */
  verifiedAbsence(id: TransactionId, validUntilMs: number, options?: ReadOptions): Promise<VerifiedAbsence>
  /** The header of a block. */
  verifiedBlock(height: number, options?: ReadOptions): Promise<Verified<Header>>

  /** The following lists are one node's word. */
  listAccounts(
    options?: ListOptions & { readonly member?: MemberId },
  ): Promise<UnverifiedPage<AccountId, AccountRecord>>
  listAssets(options?: ListOptions): Promise<UnverifiedPage<AssetId, AssetRecord>>
  listMembers(options?: ListOptions): Promise<UnverifiedPage<MemberId, MemberRecord>>
  listPositions(account: AccountId, options?: ListOptions): Promise<UnverifiedPage<AssetId, PositionRecord>>
  listEntries(account: AccountId, asset: AssetId, options?: EntryOptions): Promise<UnverifiedEntry[]>
  /** For each lookup, every use within the window of business days. */
  findReferences(lookups: readonly ReferenceLookup[], options?: CallOptions): Promise<UnverifiedReferenceUse[][]>
  transaction(id: TransactionId, options?: CallOptions): Promise<StoredTransaction | undefined>

  listContracts(
    options?: ListOptions & { readonly member?: MemberId },
  ): Promise<UnverifiedPage<ContractId, ContractRecord>>
  /** A contract with what its code says of itself. One node's word. @throws {ClientError} CLIENT_NOT_FOUND. */
  contract(contract: ContractId, options?: CallOptions): Promise<UnverifiedContract>
  /** A published code; it is what its hash says. @throws {ClientError} CLIENT_NOT_FOUND. */
  publishedCode(hash: CodeHash, options?: CallOptions): Promise<ContractCode>
  /**
   * Calls a view as the state stands now. One node's word.
   * @throws {ClientError} CLIENT_VIEW_FAILED, CLIENT_INPUT_INVALID; CLIENT_NOT_FOUND for an unknown contract or view.
   */
  contractView(contract: ContractId, view: string, input: JsonValue, options?: CallOptions): Promise<ViewAnswer>
  /** Rows in the order of their keys. One node's word. */
  contractRows(contract: ContractId, options?: RowOptions): Promise<UnverifiedRows>
  /** What time and events will call, in the order in which it is due. One node's word. */
  contractBookings(
    contract: ContractId,
    options?: CallOptions & { readonly limit?: number },
  ): Promise<UnverifiedBooking[]>
  /** What a contract logged on a node, and where it failed; for the member that keeps it. One node's word. */
  contractLogs(contract: ContractId, reader: Reader, options?: LogOptions): Promise<ContractNote[]>

  /** Follows executed transactions, across nodes and broken connections, without gaps. Ends with `signal`. Unverified. */
  events(options?: EventOptions): AsyncIterable<LedgerEvent>
  /** What each node says of itself, or why it said nothing. */
  status(options?: CallOptions): Promise<NodeReport[]>
}

export interface ClientOptions {
  /** Base URLs, such as `http://127.0.0.1:7100`; the first that works is preferred. */
  readonly nodes: readonly string[]
  /** The text of the genesis file: all that is trusted. */
  readonly genesis: string
  readonly fetch?: typeof globalThis.fetch
  /** Of one request without a wait. Default 15 s. */
  readonly requestTimeoutMs?: number
  /** How long a call goes on trying its nodes. Default 60 s. */
  readonly retryTimeMs?: number
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export type Stage = 'final' | 'executed' | 'proven'

export interface Submitted {
  readonly id: TransactionId
  readonly status: 'received' | 'duplicate'
}
export type SubmitOutcome =
  | Submitted
  | { readonly id: TransactionId; readonly status: 'refused'; readonly error: ClientError }

export interface SubmitManyOptions extends CallOptions {
  readonly onProgress?: (done: number, total: number) => void
}

export type TransactionStatus =
  | { readonly status: 'unknown' | 'received' | 'expired' }
  | { readonly status: 'final'; readonly height: number }
  | {
      readonly status: 'executed' | 'proven'
      readonly height: number
      readonly index: number
      readonly result: ResultCode
    }

export interface WaitOptions extends CallOptions {
  /** Default 60 s. */
  readonly timeoutMs?: number
}
export interface WaitManyOptions extends WaitOptions {
  /** Called once for each id, when it has reached the stage or has expired. */
  readonly onReached?: (index: number, status: TransactionStatus) => void
}

export interface SettleOptions extends CallOptions {
  /** Default: until the last validity ends. */
  readonly timeoutMs?: number
  /** Called once for each transaction that has reached the stage, has expired or was refused. */
  readonly onSettled?: (index: number, settled: Settled) => void
}
export type Settled =
  | { readonly id: TransactionId; readonly outcome: 'status'; readonly status: TransactionStatus }
  | { readonly id: TransactionId; readonly outcome: 'refused'; readonly error: ClientError }

/** `all`, none (`[]`) or some indexes. Components: 0 is the envelope, 1 the first action. */
export type PartSelection = 'all' | readonly number[]

export interface ReceiptParts {
  /** Default `all`. */
  readonly items?: PartSelection
  readonly entries?: PartSelection
  /** What contracts told. */
  readonly events?: PartSelection
  /** Default `[]`. */
  readonly components?: PartSelection
}
export interface ReceiptOptions extends ReceiptParts, CallOptions {}
export interface ReceiptRequest extends ReceiptParts {
  readonly id: TransactionId
}
export interface ManyReceiptsOptions extends CallOptions {
  /** Called as each comes. */
  readonly onReceipt?: (index: number, outcome: VerifiedReceipt | ClientError) => void
}

/** How old an answer may be. */
export interface ReadOptions extends CallOptions {
  /** The state must be at least that of this height. */
  readonly minHeight?: number
  /** The certified header must be at most this old by the local clock. An idle chain makes no blocks: choose it with care. */
  readonly maxAgeMs?: number
}

/** How new a verified answer is: the state after `height`, certified by a header of that height and time. */
export interface CertifiedAt {
  readonly height: number
  readonly certifiedByHeight: number
  readonly certifiedTimeMs: number
}

export interface Verified<T> {
  readonly value: T
  readonly at: CertifiedAt
  /** Keep it to show others: `proofDocument` encodes it. */
  readonly proof: StateProof | BlockProof
}

export interface VerifiedAbsence {
  readonly value: 'did-not-happen' | 'happened'
  /** Where it happened. */
  readonly height: number | undefined
  readonly at: CertifiedAt
  /** Of the recent ids. */
  readonly proof: StateProof
  /** Of the block after which the recent ids stood so: it was made when the validity had ended. */
  readonly time: BlockProof | undefined
}

export interface VerifiedState {
  readonly entries: readonly VerifiedStateEntry[]
  readonly at: CertifiedAt
  readonly proof: StateProof
}
export interface VerifiedStateEntry {
  readonly lookup: StateLookup
  /** Canonical encoding of the asked record: of the nested key where one was given. `undefined` is proven absence. */
  readonly encoded: Uint8Array | undefined
}

export interface VerifiedReceipt {
  readonly id: TransactionId
  readonly receipt: Receipt
  /** Of the receipt, by their index; only those that were asked for. */
  readonly items: ReadonlyMap<number, ReceiptItem>
  readonly entries: ReadonlyMap<number, Entry>
  readonly events: ReadonlyMap<number, ReceiptEvent>
  readonly envelope: Envelope | undefined
  /** By the index of the action, not of the component. */
  readonly actions: ReadonlyMap<number, Action>
  readonly at: CertifiedAt
  readonly proof: ReceiptProof
}

export interface StateLookup {
  readonly key: StateKey
  readonly nested?: NestedKey | undefined
}

export interface ListOptions extends CallOptions {
  readonly cursor?: string | undefined
  readonly limit?: number
}
export interface UnverifiedPage<Id, R> {
  readonly items: readonly { readonly id: Id; readonly record: R }[]
  /** For the next page; `undefined` at the end. */
  readonly next: string | undefined
}
export interface EntryOptions extends CallOptions {
  readonly fromSequence?: number
  readonly limit?: number
}
export interface UnverifiedEntry {
  readonly entry: Entry
  readonly blind: Uint8Array
  readonly transaction: TransactionId
  readonly height: number
  readonly index: number
  readonly timeMs: number
}
export interface ReferenceLookup {
  readonly member: MemberId
  readonly key: Uint8Array
}
export interface UnverifiedReferenceUse {
  readonly businessDay: number
  readonly record: ReferenceRecord
}

export interface UnverifiedContract {
  readonly id: ContractId
  readonly record: ContractRecord
  /** Of its code (spec/contracts.md §3): actions, views and events with their JSON Schemas. */
  readonly manifest: { readonly [name: string]: JsonValue }
}
export interface ViewAnswer {
  /** Of the state that it saw. */
  readonly height: number
  /** `null` if it returned nothing. */
  readonly output: JsonValue
}
export interface RowOptions extends CallOptions {
  /** Keys at or behind it. */
  readonly from?: string | undefined
  /** Keys before it. */
  readonly to?: string | undefined
  readonly reverse?: boolean
  readonly limit?: number
}
export interface UnverifiedRows {
  readonly height: number
  /** Of rows: an upgrade that migrates begins another. */
  readonly generation: number
  readonly rows: readonly ContractRow[]
  /** Where the next page begins: its `from`, or where the order is reversed its `to`; `undefined` at the end. */
  readonly next: string | undefined
}
export interface UnverifiedBooking {
  readonly number: number
  readonly booking: ContractBooking
}
export interface LogOptions extends CallOptions {
  /** Number of a note: what comes behind it. Without it the newest. */
  readonly after?: number
  readonly limit?: number
}
/** What a call logged, and where it failed. */
export interface ContractNote {
  /** Rises by one with each note of the node. */
  readonly number: number
  readonly height: number
  readonly timeMs: number
  /** That ran, with the source map for its stack; `undefined` where the node did not note it. */
  readonly code: CodeHash | undefined
  readonly transaction: TransactionId
  /** Index of the call in it. */
  readonly action: number
  /** Of the contract's action. */
  readonly name: string
  readonly fuelUsed: number
  readonly lines: readonly string[]
  readonly stack: string | undefined
}

export interface EventOptions extends CallOptions {
  /** Follow from behind this event; without it, from now. */
  readonly after?: EventCursor
  /** Only receipts that touch this account. */
  readonly account?: AccountId
  /** Only receipts in which this contract told something; these events are shown. */
  readonly contract?: ContractId
  /** Of the contract: only events of this topic. */
  readonly topic?: string
}
export interface EventCursor {
  readonly height: number
  readonly index: number
}
export type LedgerEvent =
  | {
      readonly kind: 'receipt'
      readonly cursor: EventCursor
      readonly id: TransactionId
      readonly result: ResultCode
      /** Some of the accounts whose positions it touched, and how many they are. */
      readonly accounts: readonly AccountId[]
      readonly accountCount: number
      /** How many events contracts told; those of the followed contract are shown, or the first of many. */
      readonly eventCount: number
      readonly events: readonly ReceiptEvent[]
    }
  | { readonly kind: 'executed'; readonly cursor: EventCursor; readonly timeMs: number }
  | { readonly kind: 'heights'; readonly final: number; readonly executed: number; readonly proven: number }

export interface NodeReport {
  readonly node: string
  readonly status: NodeStatus | undefined
  readonly error: ClientError | undefined
}
export interface NodeStatus {
  readonly name: string
  readonly version: string
  readonly role: 'validator' | 'observer'
  readonly heights: { readonly final: number; readonly executed: number; readonly proven: number }
  readonly finalTimeMs: number
  readonly epoch: number
  readonly view: number
  readonly peers: readonly { readonly name: string; readonly connected: boolean }[]
  readonly mempool: { readonly transactions: number; readonly bytes: number }
  readonly syncing: boolean
  readonly halted: { readonly code: string; readonly detail: string } | undefined
  /** What an operator should know of while it lasts. */
  readonly alarms: readonly { readonly code: string; readonly detail: string }[]
}
