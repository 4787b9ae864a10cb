import { closeSync, openSync, readSync } from 'node:fs'
import type { RecordLocation } from './append-log.ts'
import { StorageError, systemCode } from './errors.ts'
import { segmentPath } from './segment-files.ts'
import { frameHeaderBytes } from './segment-format.ts'

const openFilesMax = 16
/** The record's height, before the block; and the length before each part. */
const heightBytes = 8
const lengthBytes = 4

/**
 * Where the parts of a stored block stand in its segment's file: the encoded block first, then each batch.
 * @param location - Where the block store put the block.
 */
export function blockPartOffsets(
  location: RecordLocation,
  block: Uint8Array,
  batches: readonly Uint8Array[],
): number[] {
  const offsets = [location.offset + frameHeaderBytes + heightBytes + lengthBytes]
  let at = offsets[0]! + block.length + lengthBytes
  for (const batch of batches) {
    offsets.push(at + lengthBytes)
    at += lengthBytes + batch.length
  }
  return offsets
}

/** Reads pieces of stored blocks beside the block store, from another thread or process. It never writes, and checks nothing. */
export class BlockReader {
  readonly #directory: string
  readonly #files = new Map<number, number>()

  /** @param directory - That of the block store. */
  constructor(directory: string) {
    this.#directory = directory
  }

  /** @throws {StorageError} `STORAGE_DAMAGED` if the file ends before, `STORAGE_UNREADABLE` if it can't be opened. */
  read(segment: number, offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    if (readSync(this.#file(segment), bytes, 0, length, offset) !== length) {
      throw new StorageError('STORAGE_DAMAGED', {
        file: this.#pathOf(segment),
        offset,
        detail: 'the file is too short',
      })
    }
    return bytes
  }

  #file(segment: number): number {
    const known = this.#files.get(segment)
    if (known !== undefined) return known
    if (this.#files.size >= openFilesMax) {
      const [oldest, file] = this.#files.entries().next().value!
      this.#files.delete(oldest)
      closeSync(file)
    }
    const file = this.#open(segment)
    this.#files.set(segment, file)
    return file
  }

  #open(segment: number): number {
    try {
      return openSync(this.#pathOf(segment), 'r')
    } catch (cause) {
      throw new StorageError('STORAGE_UNREADABLE', { file: this.#pathOf(segment), detail: systemCode(cause)!, cause })
    }
  }

  #pathOf(segment: number): string {
    return segmentPath({ directory: this.#directory, name: 'blocks' }, segment)
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file)
    this.#files.clear()
  }
}
