import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LedgerId } from '@tallystick/core/protocol'
import { StorageError } from '../storage/index.ts'
import { ExecutorError } from './errors.ts'
import { type Database, openDatabase, readIndexHeight, syncDatabase } from './index-database.ts'
import { ResultsLog } from './results-log.ts'
import { StateLog } from './state-log.ts'

export interface StorePlace {
  readonly directory: string
  /** Of LevelDB's cache of blocks. */
  readonly cacheBytes: number
  /** Below this the state log is not cleaned; for tests. */
  readonly cleanedBytesMin?: number
}

/** The three parts of the store. Each block is written into the results log, then the state log, then the index; nothing is synced. */
export interface Store {
  readonly results: ResultsLog
  readonly state: StateLog
  readonly index: Database
}

/** The store, and up to which height all three parts have everything; `undefined` if it has to begin at the genesis. */
export interface OpenedStore {
  readonly store: Store
  readonly height: number | undefined
}

/**
 * Opens the store's parts. Since none is synced, a crash may leave them at different heights: both logs are cut to the lowest.
 * What the index has beyond that is written again, the same, when the blocks are executed again.
 * @throws {ExecutorError} if a part is damaged, or of another format or ledger.
 */
export async function openStore(place: StorePlace, ledger: LedgerId): Promise<OpenedStore> {
  const { directory, cacheBytes, cleanedBytesMin } = place
  if (existsSync(join(directory, 'CURRENT'))) throw new ExecutorError('STORE_FORMAT_OTHER', 'format 1')
  const opened: { close(): Promise<void> }[] = []
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part)
    return part
  }
  try {
    const results = keep(await ResultsLog.open(directory, ledger))
    const index = keep(await openDatabase(join(directory, 'index'), cacheBytes))
    const syncOthers = async () => {
      await results.sync()
      await syncDatabase(index)
    }
    const state = keep(
      await StateLog.open({ directory, ledger, syncOthers, ...(cleanedBytesMin && { cleanedBytesMin }) }),
    )
    const store = { results, state, index }
    return { store, height: settle(store, readIndexHeight(index, ledger)) }
  } catch (error) {
    for (const part of opened.reverse()) await part.close()
    throw asExecutorError(error)
  }
}

function settle({ results, state }: Store, indexHeight: number | undefined): number | undefined {
  const heights = [results.newestHeight, state.newestHeight, indexHeight]
  if (heights.includes(undefined)) {
    results.clear()
    state.clear()
    return undefined
  }
  const height = Math.min(...(heights as number[]))
  for (const [i, log] of [results, state].entries()) {
    if (heights[i] !== height && !log.cutBehind(height))
      throw new ExecutorError('STORE_DAMAGED', `a log has nothing of height ${height}`)
  }
  return height
}

/** The logs' own codes, told as those of this store. */
export function asExecutorError(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error
  if (error.code === 'STORAGE_DAMAGED') return new ExecutorError('STORE_DAMAGED', error.message)
  if (error.code === 'STORAGE_WRONG_LEDGER') return new ExecutorError('STORE_OF_OTHER_LEDGER', error.message)
  const isFormat = error.code === 'STORAGE_FORMAT_NEWER' || error.code === 'STORAGE_FORMAT_OLDER'
  return isFormat ? new ExecutorError('STORE_FORMAT_OTHER', error.message) : error
}

export async function closeStore({ state, results, index }: Store): Promise<void> {
  await state.close()
  await results.close()
  await index.close()
}
