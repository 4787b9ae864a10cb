import { join } from 'node:path'
import { equalBytes } from '@tallystick/core/codec'
import { MountainRange } from '@tallystick/core/crypto'
import {
  type ContractRunner,
  Ledger,
  LedgerFault,
  type SkippedTransaction,
  type StoredState,
} from '@tallystick/core/ledger'
import {
  type ExecutedRoots,
  type Genesis,
  historyKind,
  type LedgerId,
  ledgerOf,
  results,
} from '@tallystick/core/protocol'
import { blockPartOffsets, type RecordLocation } from '../storage/index.ts'
import { readBlockItems } from './block-items.ts'
import { ContractNotes } from './contract-notes.ts'
import { ExecutorError } from './errors.ts'
import { LastUsed } from './last-used.ts'
import { asExecutorError, closeStore, openStore, type Store, type StorePlace } from './store.ts'
import { blockKey, fromBigEndian } from './store-keys.ts'
import { StoredReceipts } from './stored-receipts.ts'
import { TransactionSource } from './transaction-source.ts'
import { type ExecutedBlock, writeBlock } from './write-block.ts'

/** A final block as the block store has it: the encoded block and the batches it lists, in order. */
export interface FinalBlock {
  readonly block: Uint8Array
  readonly batches: readonly Uint8Array[]
  /** Where the block files have it, durably. Without it, its transactions are stored a second time, with the receipts. */
  readonly location?: RecordLocation | undefined
  /** The ids of its transactions, 32 bytes each in payload order, where they are known; they are computed otherwise. */
  readonly ids?: Uint8Array | undefined
}

/** What came of a block. Receipt i has the id at byte 32·i of `ids`, and the result whose number is byte i of `results`. */
export interface ExecutionReport {
  readonly roots: ExecutedRoots
  readonly timeMs: number
  readonly ids: Uint8Array<ArrayBuffer>
  readonly results: Uint8Array<ArrayBuffer>
  readonly skipped: readonly SkippedTransaction[]
  readonly stateChanged: boolean
}

export interface ExecutorPlace extends StorePlace {
  /** The folder of the block files, which transactions are read from. */
  readonly blocksDirectory: string
}

/** Heights whose results' places are in memory. */
const placesKept = 4_096

/** Applies final blocks to the ledger and keeps the results on disk. One thread owns it. */
export class Executor {
  readonly ledger: Ledger
  readonly store: Store
  readonly receipts: StoredReceipts
  readonly notes: ContractNotes
  readonly #transactions: TransactionSource
  readonly #history: MountainRange
  readonly #id: LedgerId
  readonly #places = new LastUsed<number, number>(placesKept)
  /** The index may lag behind by one block, while the next one is executed. */
  #writing: Promise<void> = Promise.resolve()
  /** Why a block could not be executed, or not be written. The ledger in memory may then be ahead of the store. */
  #failed: Error | undefined

  private constructor(store: Store, ledger: Ledger, history: MountainRange, id: LedgerId, place: ExecutorPlace) {
    this.store = store
    this.ledger = ledger
    this.#history = history
    this.#id = id
    this.#transactions = new TransactionSource(place.blocksDirectory)
    this.receipts = new StoredReceipts(store.results, this.#transactions, id)
    this.notes = ContractNotes.open(join(place.directory, 'notes.jsonl'), ledger.height)
  }

  /**
   * Opens the store, or makes it from the genesis.
   * @param runner - What contracts run in; without one, the first call of a contract is a fault.
   * @throws {ExecutorError} if the store is of another version or ledger, or damaged.
   */
  static async open(genesis: Genesis, place: ExecutorPlace, runner?: ContractRunner): Promise<Executor> {
    const id = ledgerOf(genesis)
    const { store, height } = await openStore(place, id)
    try {
      if (height === undefined) return await Executor.#begin(genesis, store, id, place, runner)
      const { head, images, recordsExpected } = store.state.read()
      const ledger = restore(genesis, { height, timeMs: head.timeMs, images, recordsExpected }, runner)
      const history = MountainRange.fromPeaks(historyKind, height + 1, head.historyPeaks)
      const executor = new Executor(store, ledger, history, id, place)
      const roots = executor.rootsAt(height)
      if (roots === undefined) throw new ExecutorError('STORE_DAMAGED', `the index has nothing of height ${height}`)
      for (const root of [head.stateRoot, ledger.stateRoot])
        if (!equalBytes(roots.stateRoot, root)) throw new ExecutorError('STORE_ROOT_DIFFERS')
      return executor
    } catch (error) {
      await closeStore(store)
      throw asExecutorError(error)
    }
  }

  static async #begin(
    genesis: Genesis,
    store: Store,
    id: LedgerId,
    place: ExecutorPlace,
    runner: ContractRunner | undefined,
  ): Promise<Executor> {
    const { ledger, header, result } = Ledger.fromGenesis(genesis, runner)
    const executor = new Executor(store, ledger, new MountainRange(historyKind), id, place)
    await executor.#write({ height: 0, timeMs: header.timeMs, files: undefined, items: [], places: [], result })
    await executor.settled()
    return executor
  }

  get height(): number {
    return this.ledger.height
  }

  /** Where the results of a block are; `undefined` if it is not executed. */
  resultsAt(height: number): number | undefined {
    if (height > this.height) return undefined
    const known = this.#places.get(height)
    if (known !== undefined) return known
    const value = this.store.index.getSync(blockKey(height))
    if (value === undefined) return undefined
    const at = fromBigEndian(value)
    this.#places.set(height, at)
    return at
  }

  rootsAt(height: number): ExecutedRoots | undefined {
    const at = this.resultsAt(height)
    return at === undefined ? undefined : this.store.results.head(at).roots
  }

  /**
   * Executes the successor of the last block. What it wrote can be read once `settled` resolves.
   * @throws {StorageError} `STORAGE_SYNC_FAILED` if the disk doesn't take it. After any failure every call fails.
   */
  async execute(final: FinalBlock): Promise<ExecutionReport> {
    if (this.#failed !== undefined) throw this.#failed
    try {
      return await this.#execute(final)
    } catch (error) {
      this.#failed = error as Error
      throw error
    }
  }

  async #execute({ block, batches, location, ids }: FinalBlock): Promise<ExecutionReport> {
    const { header, items, places } = readBlockItems(block, batches, ids)
    const result = this.ledger.applyBlock(header, items)
    const { height, timeMs } = header
    const files = location && { segment: location.segment, parts: blockPartOffsets(location, block, batches) }
    if (files !== undefined) this.#transactions.remember(height, [block, ...batches])
    const roots = await this.#write({ height, timeMs, files, items, places, result })
    const { receipts, skipped, stateChanged } = result
    const report = {
      roots,
      timeMs,
      ids: new Uint8Array(32 * receipts.length),
      results: new Uint8Array(receipts.length),
      skipped: skipped.map(({ id, reason }) => ({ id: id.slice() as typeof id, reason })),
      stateChanged,
    }
    for (const [i, receipt] of receipts.entries()) {
      const { id, result: code } = receipt.kind === 'whole' ? receipt.receipt : receipt
      report.ids.set(id, 32 * i)
      report.results[i] = results[code].number
    }
    return report
  }

  async #write(block: Omit<ExecutedBlock, 'id'>): Promise<ExecutedRoots> {
    await this.#writing
    const { roots, written } = writeBlock(this.store, this.ledger, this.#history, { ...block, id: this.#id })
    this.#writing = written
    this.notes.append(block.height, block.timeMs, block.result.notes)
    // Whoever waits next is told; until then it is not an unhandled failure.
    written.catch(() => {})
    return roots
  }

  /** Resolves when everything that was executed can be read; fails as `execute` did. */
  settled(): Promise<void> {
    return this.#failed === undefined ? this.#writing : Promise.reject(this.#failed)
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => {})
    await closeStore(this.store)
    this.#transactions.close()
    this.notes.close()
  }
}

function restore(genesis: Genesis, stored: StoredState, runner: ContractRunner | undefined): Ledger {
  try {
    return Ledger.restore(genesis, stored, runner)
  } catch (error) {
    if (error instanceof LedgerFault) throw new ExecutorError('STORE_ROOT_DIFFERS', error.message)
    throw error
  }
}
