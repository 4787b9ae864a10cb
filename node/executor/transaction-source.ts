import { BlockReader, StorageError } from '../storage/index.ts'
import { ExecutorError } from './errors.ts'
import { LastUsed } from './last-used.ts'
import type { ResultsHead } from './results-form.ts'

/** Bytes of recent blocks in memory, so that the receipts of fresh transactions are made without reading files. */
const recentBytesMax = 8 * 1_048_576

export type BlockFiles = NonNullable<ResultsHead['files']>

/** Where bytes stand in a block: part 0 is the encoded block, part i + 1 its batch i. */
export interface PartPlace {
  readonly part: number
  readonly offset: number
  readonly length: number
}

/** Transactions as the block files have them; they are not stored a second time. */
export class TransactionSource {
  readonly #reader: BlockReader
  readonly #recent = new LastUsed<number, readonly Uint8Array[]>(recentBytesMax, (parts) =>
    parts.reduce((sum, { length }) => sum + length, 0),
  )

  /** @param directory - That of the block files. */
  constructor(directory: string) {
    this.#reader = new BlockReader(directory)
  }

  /** Keeps the parts of a block that was just executed. */
  remember(height: number, parts: readonly Uint8Array[]): void {
    this.#recent.set(height, parts)
  }

  /** @throws {ExecutorError} `STORE_AHEAD_OF_BLOCKS` if the block files don't have it. */
  read(height: number, files: BlockFiles, { part, offset, length }: PartPlace): Uint8Array {
    const recent = this.#recent.get(height)
    if (recent !== undefined) return recent[part]!.slice(offset, offset + length)
    try {
      return this.#reader.read(files.segment, files.parts[part]! + offset, length)
    } catch (error) {
      if (error instanceof StorageError) throw new ExecutorError('STORE_AHEAD_OF_BLOCKS', error.message)
      throw error
    }
  }

  close(): void {
    this.#reader.close()
  }
}
