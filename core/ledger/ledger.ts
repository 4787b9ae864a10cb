import { equalBytes } from '../codec/index.ts'
import { type Hash, StateTrie } from '../crypto/index.ts'
import {
  blockHashOf,
  type Genesis,
  type Header,
  type HistoryRecord,
  type LedgerId,
  ledgerOf,
  type NestedKey,
  type NestedRecord,
  payloadRootOf,
  receiptsRootOf,
  type StateKey,
  type StateKeyKind,
  type StateProofEntry,
  type StateRecord,
} from '../protocol/index.ts'
import { admit } from './admit.ts'
import { assertHolds } from './assertion.ts'
import { auditState } from './audit.ts'
import type {
  BlockResult,
  OrderedTransaction,
  SkippedTransaction,
  SkipReason,
  StateChange,
  StoredNested,
  StoredRecord,
} from './block-result.ts'
import type { BlockScope } from './block-scope.ts'
import { commit } from './commit.ts'
import { executeTransaction } from './execute-transaction.ts'
import { Expiries } from './expiries.ts'
import { writeGenesisState } from './genesis-state.ts'
import { type ProvenKey, proveKeys } from './prove.ts'
import { QuotaUse } from './quota.ts'
import { restoreState } from './restore.ts'
import { StateStore } from './state-store.ts'
import { dropOutdated, sweepExpiredHolds } from './sweep.ts'
import { UndoHistory } from './undo.ts'

export interface LedgerStart {
  readonly ledger: Ledger
  /** The header of height 0; its parent and executed roots are zero. */
  readonly header: Header
  readonly changes: readonly StateChange[]
  /** Leaf 0 of the history. */
  readonly record: HistoryRecord
}

export interface StoredState {
  readonly height: number
  /** Time of the block at `height`. */
  readonly timeMs: number
  readonly records: Iterable<StoredRecord>
  readonly nested: Iterable<StoredNested>
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
  readonly #undo = new UndoHistory()
  #height: number
  #timeMs: number

  private constructor(genesis: Genesis, height: number, timeMs: number) {
    this.#genesis = genesis
    this.#ledger = ledgerOf(genesis)
    this.#expiries = new Expiries(this.#state, genesis.parameters)
    this.#height = height
    this.#timeMs = timeMs
  }

  /** Begins a ledger. @throws {GenesisError} if a member's policy can't be used. */
  static fromGenesis(genesis: Genesis): LedgerStart {
    const ledger = new Ledger(genesis, 0, genesis.timeMs)
    writeGenesisState(ledger.#state, genesis)
    const { changes } = commit(ledger.#state, ledger.#trie, ledger.#expiries, 0)
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
    return { ledger, header, changes, record: recordOf(header, receiptsRootOf([]), ledger.stateRoot) }
  }

  /**
   * Rebuilds the ledger from a store's records; heights before `height` can't be proven then. The caller compares
   * `stateRoot` with the one that it knows.
   * @throws {LedgerFault} or {CodecError} if the records are damaged.
   */
  static restore(genesis: Genesis, stored: StoredState): Ledger {
    const ledger = new Ledger(genesis, stored.height, stored.timeMs)
    restoreState(ledger.#state, ledger.#trie, ledger.#expiries, stored)
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
  applyBlock(header: Header, transactions: readonly OrderedTransaction[]): BlockResult {
    assertHolds(header.height === this.#height + 1, () => `block ${header.height} does not follow ${this.#height}`)
    assertHolds(header.timeMs >= this.#timeMs, () => `block ${header.height} lies before its parent in time`)
    assertHolds(equalBytes(header.ledger, this.#ledger), () => `block ${header.height} is of another ledger`)
    const block = this.#scope(header.height, header.timeMs)
    const receipts = sweepExpiredHolds(block)
    const skipped: SkippedTransaction[] = []
    for (const ordered of transactions) {
      const admission = admit(block, ordered)
      if (typeof admission === 'string') skipped.push({ id: ordered.id, reason: admission })
      else receipts.push(executeTransaction(block, ordered, admission, receipts.length))
    }
    if (receipts.length > 0) dropOutdated(block)
    const { changes, undo } = commit(this.#state, this.#trie, this.#expiries, header.height)
    this.#undo.push(undo)
    this.#height = header.height
    this.#timeMs = header.timeMs

    const { stateRoot } = this
    const receiptsRoot = receiptsRootOf(receipts.map(({ receipt }) => receipt))
    const record = recordOf(header, receiptsRoot, stateRoot)
    return { receipts, receiptsRoot, stateRoot, record, skipped, changes, stateChanged: changes.length > 0 }
  }

  /** Why a block of that time would pass the transaction over, as the state stands now. For admission to a mempool. */
  skipReason(ordered: OrderedTransaction, timeMs: number): SkipReason | undefined {
    const admission = admit(this.#scope(this.#height + 1, timeMs), ordered)
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
  *records(): Iterable<StoredRecord> {
    for (const { key, slot } of this.#state.slots()) yield { key, encoded: slot.encoded, blind: slot.blind }
  }

  *nestedRecords(): Iterable<StoredNested> {
    for (const text of this.#state.nestedTexts()) {
      const { key } = this.#state.slotAt(text)!
      for (const { key: nested, slot } of this.#state.nestedAt(text)!.slots()) {
        yield { key, nested, encoded: slot.encoded, blind: slot.blind }
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
    return proveKeys(this.#undo.before(atHeight, this.#state), this.#trie, keys)
  }

  /** Whether a block of that time would change the state by itself: a hold has expired. Then a tick is worth sending. */
  dueWork(timeMs: number): boolean {
    const next = this.#expiries.holds.peek()
    return next !== undefined && next.atMs <= timeMs
  }

  /** Recomputes every invariant over the whole state. @throws {LedgerFault} */
  audit(): void {
    auditState(this.#state)
  }

  #scope(height: number, timeMs: number): BlockScope {
    const { parameters, validators } = this.#genesis
    const fixed = { state: this.#state, expiries: this.#expiries, ledger: this.#ledger, parameters, validators }
    return { ...fixed, quota: new QuotaUse(), height, timeMs }
  }
}

function recordOf({ height, ...header }: Header, receiptsRoot: Hash, stateRoot: Hash): HistoryRecord {
  return { height, header: blockHashOf({ height, ...header }), receiptsRoot, stateRoot }
}
