import { decode, equalBytes, toHex } from '@tallystick/core/codec'
import { MountainRange } from '@tallystick/core/crypto'
import { Ledger, type OrderedTransaction, type SkippedTransaction } from '@tallystick/core/ledger'
import {
  batch,
  block,
  type ExecutedRoots,
  type Genesis,
  historyKind,
  ledgerOf,
  type ResultCode,
  type TransactionId,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { ExecutorError } from './errors.ts'
import { type Database, openDatabase, readMeta, readNested, readRecords } from './state-database.ts'
import { blockKey } from './store-keys.ts'
import { storedBlock } from './stored-forms.ts'
import { writeBlock } from './write-block.ts'

/** A final block as the block store has it: the encoded block and the batches it lists, in order. */
export interface FinalBlock {
  readonly block: Uint8Array
  readonly batches: readonly Uint8Array[]
}

export interface ExecutionReport {
  readonly roots: ExecutedRoots
  readonly timeMs: number
  readonly receipts: readonly {
    readonly id: TransactionId
    readonly result: ResultCode
    readonly accounts: readonly Uint8Array[]
  }[]
  readonly skipped: readonly SkippedTransaction[]
  readonly stateChanged: boolean
}

/** Applies final blocks to the ledger and keeps the results on disk. One thread owns it. */
export class Executor {
  readonly database: Database
  readonly ledger: Ledger
  readonly #history: MountainRange
  readonly #id: ReturnType<typeof ledgerOf>

  private constructor(database: Database, ledger: Ledger, history: MountainRange, id: ReturnType<typeof ledgerOf>) {
    this.database = database
    this.ledger = ledger
    this.#history = history
    this.#id = id
  }

  /**
   * Opens the store, or makes it from the genesis.
   * @throws {ExecutorError} if the store is of another version or ledger, or damaged.
   */
  static async open(genesis: Genesis, directory: string, cacheBytes: number): Promise<Executor> {
    const id = ledgerOf(genesis)
    const database = await openDatabase(directory, cacheBytes)
    try {
      const meta = readMeta(database, id)
      if (meta === undefined) return await Executor.#begin(genesis, database, id)
      const { height, timeMs, historyPeaks } = meta
      const records = await readRecords(database)
      const ledger = Ledger.restore(genesis, { height, timeMs, records, nested: await readNested(database) })
      const history = MountainRange.fromPeaks(historyKind, height + 1, historyPeaks)
      const executor = new Executor(database, ledger, history, id)
      if (!equalBytes(executor.rootsAt(height)!.stateRoot, ledger.stateRoot))
        throw new ExecutorError('STORE_ROOT_DIFFERS')
      return executor
    } catch (error) {
      await database.close()
      throw error
    }
  }

  static async #begin(genesis: Genesis, database: Database, id: ReturnType<typeof ledgerOf>): Promise<Executor> {
    const { ledger, header, changes, record } = Ledger.fromGenesis(genesis)
    const history = new MountainRange(historyKind)
    const result = { receipts: [], changes, record, stateRoot: ledger.stateRoot }
    await writeBlock(database, history, {
      ledger: id,
      height: 0,
      timeMs: header.timeMs,
      result,
    })
    return new Executor(database, ledger, history, id)
  }

  get height(): number {
    return this.ledger.height
  }

  rootsAt(height: number): ExecutedRoots | undefined {
    const bytes = this.database.getSync(blockKey(height))
    return bytes === undefined ? undefined : decode(storedBlock, bytes).roots
  }

  /** Executes the successor of the last block; state, receipts and height become readable together. */
  async execute(final: FinalBlock): Promise<ExecutionReport> {
    const { header, payload } = decode(block, final.block)
    const batches = final.batches.map((encoded) => decode(batch, encoded))
    const ordered: OrderedTransaction[] = []
    let listed = 0
    for (const item of payload) {
      const transactions = item.kind === 'inline' ? [item.transaction] : batches[listed++]!.transactions
      for (const transaction of transactions) ordered.push({ id: transactionIdOf(transaction.body), transaction })
    }
    const result = this.ledger.applyBlock(header, ordered)
    const { height, timeMs } = header
    const roots = await writeBlock(this.database, this.#history, {
      ledger: this.#id,
      height,
      timeMs,
      result,
    })
    return {
      roots,
      timeMs,
      receipts: result.receipts.map(({ receipt, entries }) => ({
        id: receipt.id,
        result: receipt.result,
        accounts: distinctAccounts(entries.map(({ entry }) => entry.account)),
      })),
      skipped: result.skipped,
      stateChanged: result.stateChanged,
    }
  }

  close(): Promise<void> {
    return this.database.close()
  }
}

function distinctAccounts(accounts: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(accounts.map((account) => [toHex(account), account])).values()]
}
