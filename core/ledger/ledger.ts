import type { Hash } from '../crypto/index.ts'
import type {
  Genesis,
  Header,
  HistoryRecord,
  NestedKey,
  NestedRecord,
  StateKey,
  StateKeyKind,
  StateProofEntry,
  StateRecord,
} from '../protocol/index.ts'
import type {
  BlockResult,
  OrderedTransaction,
  SkipReason,
  StateChange,
  StoredNested,
  StoredRecord,
} from './block-result.ts'

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

/** A key of the state, or one of the nested trie under it. */
export interface ProvenKey {
  readonly key: StateKey
  readonly nested?: NestedKey | undefined
}

/** The state and the rules that change it, block by block. Pure: no clock, no randomness, no input or output. */
export class Ledger {
  static fromGenesis(_genesis: Genesis): LedgerStart {
    throw new Error('not built yet')
  }

  /** Rebuilds the ledger from a store's records; proofs of heights before `height` are not available then. */
  static restore(_genesis: Genesis, _stored: StoredState): Ledger {
    throw new Error('not built yet')
  }

  get height(): number {
    throw new Error('not built yet')
  }

  get timeMs(): number {
    throw new Error('not built yet')
  }

  get stateRoot(): Hash {
    throw new Error('not built yet')
  }

  /** Applies one final block, the successor of the last. */
  applyBlock(_header: Header, _transactions: readonly OrderedTransaction[]): BlockResult {
    throw new Error('not built yet')
  }

  /** Why a block of that time would pass the transaction over, as the state stands now. For admission to a mempool. */
  skipReason(_ordered: OrderedTransaction, _timeMs: number): SkipReason | undefined {
    throw new Error('not built yet')
  }

  get<K extends StateKeyKind>(_key: Extract<StateKey, { kind: K }>): StateRecord<K> | undefined {
    throw new Error('not built yet')
  }

  getNested<K extends NestedKey['kind']>(
    _key: StateKey,
    _nested: Extract<NestedKey, { kind: K }>,
  ): NestedRecord<K> | undefined {
    throw new Error('not built yet')
  }

  /** Every record, for snapshots and audits, in no promised order. */
  records(): Iterable<StoredRecord> {
    throw new Error('not built yet')
  }

  nestedRecords(): Iterable<StoredNested> {
    throw new Error('not built yet')
  }

  /** Proves keys, or their absence, at the current height or one of the last `undoBlocksMax`. */
  prove(_keys: readonly ProvenKey[], _atHeight?: number): StateProofEntry[] {
    throw new Error('not built yet')
  }

  /** The lowest height that `prove` can answer for. */
  get provableFrom(): number {
    throw new Error('not built yet')
  }

  /** Whether a block of that time would change the state by itself: a hold has expired. Then a tick is worth sending. */
  dueWork(_timeMs: number): boolean {
    throw new Error('not built yet')
  }
}
