import { decode, equalBytes } from '../codec/index.ts'
import { type Hash, HashBatch, listRoot, StateTrie } from '../crypto/index.ts'
import {
  type AccountId,
  type AssetId,
  blockHashOf,
  type ContractBooking,
  type ContractId,
  type ContractRow,
  type Genesis,
  type Header,
  type HistoryRecord,
  type JsonValue,
  type LedgerId,
  ledgerOf,
  type NestedKey,
  type NestedRecord,
  nestedKey,
  payloadRootOf,
  receiptListKind,
  receiptsRootOf,
  rowKeyHashOf,
  type StateKey,
  type StateKeyKind,
  type StateProofEntry,
  type StateRecord,
  stateKey,
  storageIdOf,
} from '../protocol/index.ts'
import { admit } from './admit.ts'
import { assertHolds } from './assertion.ts'
import { auditState } from './audit.ts'
import type {
  BlockItem,
  BlockResult,
  SkippedTransaction,
  SkipReason,
  StoredNested,
  StoredRecord,
} from './block-result.ts'
import type { BlockScope } from './block-scope.ts'
import { bookingKey } from './contracts/bookings.ts'
import { type CallEnd, ContractCall, type ContractNote } from './contracts/contract-call.ts'
import { Programs } from './contracts/programs.ts'
import type { ContractRunner } from './contracts/runner.ts'
import { runTriggers } from './contracts/triggers.ts'
import { decoded, executeItems } from './execute-items.ts'
import { Expiries } from './expiries.ts'
import { writeGenesisState } from './genesis-state.ts'
import { QuotaUse } from './quota.ts'
import { type Commitment, commit } from './state/commit.ts'
import { ImageWriter } from './state/images.ts'
import { positionKind } from './state/position-bytes.ts'
import { type ProvenKey, proveKeys } from './state/prove.ts'
import { blindBytes } from './state/record-table.ts'
import { restoreState } from './state/restore.ts'
import type { RowRange } from './state/row-index.ts'
import { latin1, textBytes } from './state/state-key-text.ts'
import { StateStore } from './state/state-store.ts'
import { UndoHistory } from './state/undo.ts'
import { dropOutdated, sweepExpiredHolds } from './sweep.ts'
import { TransferLane } from './transfers/transfer-lane.ts'

export interface LedgerStart {
  readonly ledger: Ledger
  /** The header of height 0; its parent and executed roots are zero. */
  readonly header: Header
  /** Of height 0: no receipts. */
  readonly result: BlockResult
}

export interface StoredState {
  readonly height: number
  /** Time of the block at `height`. */
  readonly timeMs: number
  /** What `changeImages` and `liveImages` gave, in the order in which it was given. */
  readonly images: Iterable<Uint8Array>
  /** About how many records there are, so that tables needn't grow meanwhile. */
  readonly recordsExpected?: number
}

/** How a view ended, and what it logged. */
export interface ViewEnd {
  readonly end: CallEnd
  readonly notes: readonly ContractNote[]
}

export interface NumberedBooking {
  readonly number: number
  readonly booking: ContractBooking
}

const zeroHash = new Uint8Array(32)

/**
 * The state and the rules that change it, block by block (spec/transactions.md, spec/state.md). Pure: no clock, no
 * randomness, no input or output; equal blocks give equal roots on every node.
 */
export class Ledger {
  readonly #genesis: Genesis
  readonly #ledger: LedgerId
  readonly #state = new StateStore()
  readonly #trie = new StateTrie()
  readonly #expiries: Expiries
  readonly #programs: Programs
  readonly #hashes = new HashBatch()
  readonly #lane = new TransferLane(this.#hashes)
  readonly #undo = new UndoHistory(this.#state.table)
  readonly #changeImages = new ImageWriter()
  readonly #liveImages = new ImageWriter()
  #last: Commitment | undefined
  #height: number
  #timeMs: number

  private constructor(genesis: Genesis, height: number, timeMs: number, runner: ContractRunner | undefined) {
    this.#genesis = genesis
    this.#ledger = ledgerOf(genesis)
    this.#expiries = new Expiries(this.#state, genesis.parameters)
    this.#programs = new Programs(this.#state, runner, genesis.parameters.contracts)
    this.#height = height
    this.#timeMs = timeMs
  }

  /**
   * Begins a ledger. @param runner - What contracts run in; without one the first call of a contract is a fault.
   * @throws {GenesisError} if a member's policy can't be used.
   */
  static fromGenesis(genesis: Genesis, runner?: ContractRunner): LedgerStart {
    const ledger = new Ledger(genesis, 0, genesis.timeMs, runner)
    writeGenesisState(ledger.#state, genesis)
    const { created, references } = ledger.#commit(0)
    const header: Header = {
      protocolVersion: 1,
      ledger: ledger.#ledger,
      height: 0,
      parent: zeroHash as Header['parent'],
      timeMs: genesis.timeMs,
      payloadRoot: payloadRootOf([]),
      payloadCount: 0,
      executed: { height: 0, stateRoot: zeroHash, historyRoot: zeroHash },
      epoch: 0,
      nextEpoch: undefined,
    }
    const { stateRoot } = ledger
    const receiptsRoot = receiptsRootOf([])
    const record = recordOf(header, receiptsRoot, stateRoot)
    const result = {
      receipts: [],
      receiptsRoot,
      stateRoot,
      record,
      skipped: [],
      stateChanged: true,
      created,
      references,
      notes: [],
    }
    return { ledger, header, result }
  }

  /**
   * Rebuilds the ledger from a store's images; heights before `height` can't be proven then. The caller compares
   * `stateRoot` with the one that it knows.
   * @throws {LedgerFault} or {CodecError} if the images are damaged.
   */
  static restore(genesis: Genesis, stored: StoredState, runner?: ContractRunner): Ledger {
    const ledger = new Ledger(genesis, stored.height, stored.timeMs, runner)
    ledger.#state.table.reserve(stored.recordsExpected ?? 0)
    restoreState(ledger.#state, ledger.#trie, ledger.#expiries, ledger.#hashes, stored.images)
    return ledger
  }

  get height(): number {
    return this.#height
  }

  /** Time of the last block. */
  get timeMs(): number {
    return this.#timeMs
  }

  get stateRoot(): Hash {
    return this.#trie.root
  }

  /** The lowest height that `prove` can answer for. */
  get provableFrom(): number {
    return this.#height - this.#undo.depth
  }

  /**
   * Applies one final block: expired holds first, then the transactions in their order. The sum of debits and of credits
   * of every asset stay equal, posted and pending.
   * @throws {LedgerFault} if the block is not the successor of the last one, or a rule of the ledger's own is broken; the
   * ledger can't be used any more then. Nothing that a transaction contains makes it throw.
   */
  applyBlock(header: Header, items: readonly BlockItem[]): BlockResult {
    assertHolds(header.height === this.#height + 1, () => `block ${header.height} does not follow ${this.#height}`)
    assertHolds(header.timeMs >= this.#timeMs, () => `block ${header.height} lies before its parent in time`)
    assertHolds(equalBytes(header.ledger, this.#ledger), () => `block ${header.height} is of another ledger`)
    const block = this.#scope(header.height, header.timeMs)
    const begun = sweepExpiredHolds(block)
    const skipped: SkippedTransaction[] = []
    runTriggers(block, begun)
    const receipts: BlockResult['receipts'][number][] = begun
    executeItems(block, this.#lane, items, receipts, skipped)
    if (receipts.length > 0) dropOutdated(block)
    const { created, references, undo } = this.#commit(header.height)
    this.#undo.push(undo)
    this.#height = header.height
    this.#timeMs = header.timeMs

    const { stateRoot } = this
    const receiptsRoot = listRoot(
      receiptListKind.receipts,
      receipts.map(({ leaf }) => leaf),
    )
    const record = recordOf(header, receiptsRoot, stateRoot)
    const stateChanged = undo.replaced.entries.length > 0
    const { notes } = block
    return { receipts, receiptsRoot, stateRoot, record, skipped, stateChanged, created, references, notes }
  }

  /** Images of all that the last block changed, deletions too, for a store's log. Valid until they are asked for again. */
  changeImages(): Uint8Array {
    assertHolds(this.#last !== undefined, () => 'images are asked for before anything was applied')
    return this.#changeImages.ofBlock(this.#state, this.#last)
  }

  /**
   * Images of some records that live, from a cursor on (0 at first): what a store writes again when it cleans its log. Valid
   * until they are asked for again.
   * @returns `next` is where to go on; `undefined` when all have been given.
   */
  liveImages(cursor: number, bytesTarget: number): { readonly images: Uint8Array; readonly next: number | undefined } {
    return this.#liveImages.ofLive(this.#state, cursor, bytesTarget)
  }

  /** The number of a position's record, the same as long as this object lives. */
  positionNumber(account: AccountId, asset: AssetId): number | undefined {
    const entry = this.#state.table.findByIds(positionKind, viewOf(account), 0, viewOf(asset), 0)
    return entry < 0 ? undefined : entry
  }

  /** Where a store keeps the newest entry of a position; 0 if nowhere. It travels in images, and is no part of the state. */
  lastEntry(position: number): number {
    return this.#state.table.lastLine(position)
  }

  setLastEntry(position: number, where: number): void {
    this.#state.table.setLastLine(position, where)
  }

  /** Why a block of that time would pass the transaction over, as the state stands now. For admission to a mempool. */
  skipReason(ordered: BlockItem, timeMs: number): SkipReason | undefined {
    const admission = admit(this.#scope(this.#height + 1, timeMs), decoded(ordered))
    return typeof admission === 'string' ? admission : undefined
  }

  get<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>): StateRecord<K> | undefined {
    return this.#state.get<K>(key)
  }

  getNested<K extends NestedKey['kind']>(
    key: StateKey,
    nested: Extract<NestedKey, { kind: K }>,
  ): NestedRecord<K> | undefined {
    return this.#state.getNested<K>(key, nested)
  }

  /** Every record, for snapshots and audits, in no promised order. */
  *records(): Generator<StoredRecord> {
    const { table } = this.#state
    for (const { key, entry } of this.#state.records()) {
      const cell = table.cellBytes(table.cellOf(entry), table.cellLength(entry))
      yield { key, encoded: cell.slice(blindBytes), blind: cell.slice(0, blindBytes) }
    }
  }

  *nestedRecords(): Generator<StoredNested> {
    for (const text of this.#state.nestedTexts()) {
      const key = decode(stateKey, textBytes(text))
      const nested = this.#state.nestedAt(text)!
      for (let row = 0; row < nested.size; row++) {
        const encoded = nested.encodedOf(row).slice()
        yield { key, nested: decode(nestedKey, nested.keyOf(row)), encoded, blind: nested.blindOf(row) }
      }
    }
  }

  /**
   * Proves records, or their absence, at the current height or one since `provableFrom`.
   * @throws {RangeError} for any other height.
   */
  prove(keys: readonly ProvenKey[], atHeight: number = this.#height): StateProofEntry[] {
    if (!(atHeight >= this.provableFrom && atHeight <= this.#height)) {
      throw new RangeError(`height ${atHeight} can't be proven, only ${this.provableFrom} to ${this.#height}`)
    }
    return proveKeys(this.#undo.before(atHeight, this.#state, this.#hashes), this.#trie, keys)
  }

  /** When a block would change the state by itself: the next hold expires, or the next trigger is due. Then a tick is worth sending. */
  get nextDueMs(): number | undefined {
    const { holds, bookings } = this.#expiries
    const times = [holds.peek()?.atMs, bookings.peek()?.atMs].filter((atMs) => atMs !== undefined)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Whether a block of that time would change the state by itself. */
  dueWork(timeMs: number): boolean {
    const { nextDueMs } = this
    return nextDueMs !== undefined && nextDueMs <= timeMs
  }

  /**
   * Calls a view of a contract as the state stands now.
   * @param fuelMax - What it may use; the network's limit if that is less.
   */
  view(contract: ContractId, name: string, input: JsonValue, fuelMax: number): ViewEnd {
    const { parameters } = this.#genesis
    const block = this.#scope(this.#height, this.#timeMs)
    const call = new ContractCall(block, undefined, 0)
    const request = { contract, kind: 'view', name, input, callers: [], funds: [] } as const
    const end = call.run(request, BigInt(Math.min(fuelMax, parameters.contracts.fuelMax)))
    return { end, notes: call.notes }
  }

  /** Rows of a contract's tables in the order of their keys, from ≥, to <. */
  *contractRows(contract: ContractId, range: RowRange): Generator<ContractRow> {
    const record = this.#state.contract(contract)
    if (record === undefined) return
    const storage = storageIdOf(contract, record.generation)
    for (const key of this.#state.rows.range(latin1(storage), range)) {
      yield this.#state.get<'contract-row'>({ kind: 'contract-row', storage, key: rowKeyHashOf(key) })!
    }
  }

  /** What a contract has booked, in the order in which it is due. */
  contractBookings(contract: ContractId): NumberedBooking[] {
    const bookings = Array.from(this.#expiries.bookingIndex.numbersOf(contract), (number) => {
      return { number, booking: this.#state.get<'contract-booking'>(bookingKey(contract, number))! }
    })
    return bookings.sort((a, b) => a.booking.dueMs - b.booking.dueMs || a.number - b.number)
  }

  /** Recomputes every invariant over the whole state. @throws {LedgerFault} */
  audit(): void {
    auditState(this.#state, this.#timeMs)
  }

  #commit(height: number): Commitment {
    this.#last = commit(this.#state, this.#trie, this.#expiries, this.#hashes, height)
    return this.#last
  }

  #scope(height: number, timeMs: number): BlockScope {
    const { parameters, validators } = this.#genesis
    const fixed = { state: this.#state, expiries: this.#expiries, ledger: this.#ledger, parameters, validators }
    const own = { quota: new QuotaUse(), notes: [] }
    return { ...fixed, ...own, programs: this.#programs, height, timeMs }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function recordOf({ height, ...header }: Header, receiptsRoot: Hash, stateRoot: Hash): HistoryRecord {
  return { height, header: blockHashOf({ height, ...header }), receiptsRoot, stateRoot }
}
