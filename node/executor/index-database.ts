import { decode, encode, equalBytes, safeU64, struct, version } from '@tallystick/core/codec'
import { type LedgerId, ledgerId } from '@tallystick/core/protocol'
import { type ChainedBatch, ClassicLevel } from 'classic-level'
import { ExecutorError } from './errors.ts'
import { metaKey, syncedKey } from './store-keys.ts'

export type Database = ClassicLevel<Uint8Array, Uint8Array>
export type Batch = ChainedBatch<Database, Uint8Array, Uint8Array>

const view = { keyEncoding: 'view', valueEncoding: 'view' } as const
/** Larger than LevelDB's own default, so that random keys are sorted in memory and rewritten less often. */
const writeBufferBytes = 16 * 1_048_576

/** What the index keeps of itself, written with every block. */
const indexMeta = struct({ version: version(2), ledger: ledgerId, height: safeU64 })

/** @throws {ExecutorError} if its files are damaged. */
export async function openDatabase(directory: string, cacheBytes: number): Promise<Database> {
  const options = { ...view, cacheSize: cacheBytes, writeBufferSize: writeBufferBytes, compression: false }
  const database = new ClassicLevel<Uint8Array, Uint8Array>(directory, options)
  try {
    await database.open()
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause
    if (cause?.code !== 'LEVEL_CORRUPTION') throw error
    throw new ExecutorError('STORE_DAMAGED', `${directory}: ${cause.message}`)
  }
  return database
}

/** @returns the height up to which the index is written; `undefined` if it is new. */
export function readIndexHeight(database: Database, ledger: LedgerId): number | undefined {
  const bytes = database.getSync(metaKey)
  if (bytes === undefined) return undefined
  if (bytes[0] !== 2) throw new ExecutorError('STORE_FORMAT_OTHER', `format ${bytes[0]}`)
  const meta = decode(indexMeta, bytes)
  if (!equalBytes(meta.ledger, ledger)) throw new ExecutorError('STORE_OF_OTHER_LEDGER')
  return meta.height
}

export function writeIndexHeight(batch: Batch, ledger: LedgerId, height: number): void {
  batch.put(metaKey, encode(indexMeta, { version: 2, ledger, height }))
}

/** Makes everything durable that was written so far: a synced write comes behind it in LevelDB's own log. */
export async function syncDatabase(database: Database): Promise<void> {
  await database.put(syncedKey, new Uint8Array(0), { sync: true })
}
