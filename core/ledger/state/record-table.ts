import type { Hash } from '../../crypto/index.ts'
import { assertHolds } from '../assertion.ts'
import { CellHeap } from './cell-heap.ts'
import { hashOfKey, KeyIndex, mixIds } from './key-index.ts'

/** A position's key: its kind, the account, the asset. No other is longer. */
export const keyBytesMax = 65
export const blindBytes = 32

/**
 * Head of an entry: length of the key, key, path, and where a store keeps the position's newest line. Behind its kind the
 * key begins at a word, so that ids are compared by words.
 */
const lengthAt = 2
const keyAt = 3
const idsAt = 4
const pathAt = 72
const lastLineAt = 104
const headBytes = 112
const chunkBits = 12
const chunkMask = (1 << chunkBits) - 1

/**
 * All records of the state outside nested tries, by the encoding of their keys, in arrays of bytes. An entry has a head and
 * a cell: its blind and the encoded record. A record that is gone keeps its head until `release`, since undoing needs it.
 */
export class RecordTable {
  readonly cells = new CellHeap()
  readonly #index = new KeyIndex((entry) =>
    hashOfKey(this.#chunk(entry), this.#offset(entry) + keyAt, this.#keyLength(entry)),
  )
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  readonly #views: DataView<ArrayBuffer>[] = []
  readonly #words: Int32Array<ArrayBuffer>[] = []
  #cellAt = new Int32Array(1 << chunkBits)
  #cellLength = new Int32Array(1 << chunkBits)
  readonly #free: number[] = []
  #next = 0
  #live = 0

  /** Entries live and released: numbers are below it. */
  get end(): number {
    return this.#next
  }

  get size(): number {
    return this.#live
  }

  reserve(entries: number): void {
    this.#index.reserve(entries)
  }

  find(key: Uint8Array, at: number, length: number): number {
    const index = this.#index
    for (let place = index.first(hashOfKey(key, at, length)); ; place = index.next(place)) {
      const entry = index.at(place)
      if (entry < 0 || this.#hasKey(entry, key, at, length)) return entry
    }
  }

  /** The record of a kind whose key is one id of 32 bytes. */
  findById(kind: number, id: DataView, at: number): number {
    const index = this.#index
    const head = headWord(kind, 33)
    for (let place = index.first(mixIds(33, id, at, id, -1)); ; place = index.next(place)) {
      const entry = index.at(place)
      if (entry < 0) return entry
      const words = this.#words[entry >> chunkBits]!
      const word = this.#offset(entry) >> 2
      if (words[word] === head && sameId(words, word + 1, id, at)) return entry
    }
  }

  /** The record of a kind whose key is two ids of 32 bytes. */
  findByIds(kind: number, first: DataView, firstAt: number, second: DataView, secondAt: number): number {
    const index = this.#index
    const head = headWord(kind, 65)
    for (let place = index.first(mixIds(65, first, firstAt, second, secondAt)); ; place = index.next(place)) {
      const entry = index.at(place)
      if (entry < 0) return entry
      const words = this.#words[entry >> chunkBits]!
      const word = this.#offset(entry) >> 2
      if (words[word] !== head) continue
      if (sameId(words, word + 1, first, firstAt) && sameId(words, word + 9, second, secondAt)) return entry
    }
  }

  /** Adds a key that is not there; it has no cell yet. */
  insert(key: Uint8Array, path: Hash): number {
    assertHolds(key.length <= keyBytesMax, () => `a key of ${key.length} bytes`)
    const entry = this.#free.pop() ?? this.#next++
    if (entry >> chunkBits >= this.#chunks.length) this.#addChunk()
    if (entry >= this.#cellAt.length) this.#growCells()
    const chunk = this.#chunk(entry)
    const offset = this.#offset(entry)
    chunk.fill(0, offset, offset + headBytes)
    chunk[offset + lengthAt] = key.length
    chunk.set(key, offset + keyAt)
    chunk.set(path, offset + pathAt)
    this.#cellAt[entry] = 0
    this.#index.add(hashOfKey(key, 0, key.length), entry)
    this.#live++
    return entry
  }

  /** Takes the key out; head and cell stay until `release`. */
  unlink(entry: number): void {
    this.#index.remove(hashOfKey(this.#chunk(entry), this.#offset(entry) + keyAt, this.#keyLength(entry)), entry)
    this.#cellAt[entry] = 0
    this.#live--
  }

  /** Nobody looks back at the entry any more: its number may be used again. */
  release(entry: number): void {
    this.#free.push(entry)
  }

  /** Gives the entry a cell of its own, of `length` bytes. The one before, if any, is the caller's. */
  setCell(entry: number, address: number, length: number): void {
    this.#cellAt[entry] = address
    this.#cellLength[entry] = length
  }

  /** 0 for a record that is gone, or not yet written. */
  cellOf(entry: number): number {
    return this.#cellAt[entry]!
  }

  cellLength(entry: number): number {
    return this.#cellLength[entry]!
  }

  kindOf(entry: number): number {
    return this.#chunk(entry)[this.#offset(entry) + keyAt]!
  }

  /** The key's encoding, as a view of the head. */
  keyOf(entry: number): Uint8Array {
    const from = this.#offset(entry) + keyAt
    return this.#chunk(entry).subarray(from, from + this.#keyLength(entry))
  }

  /** The array that the entry's path is in, from `pathOffset` on. */
  pathsOf(entry: number): Uint8Array {
    return this.#chunk(entry)
  }

  /** The same by words, from `pathWord` on. */
  pathWordsOf(entry: number): Int32Array {
    return this.#words[entry >> chunkBits]!
  }

  pathWord(entry: number): number {
    return this.pathOffset(entry) >> 2
  }

  /** The words of a head, for comparing ids: a key's ids begin at `idsWord`. */
  idsWord(entry: number): number {
    return (this.#offset(entry) + idsAt) >> 2
  }

  pathOffset(entry: number): number {
    return this.#offset(entry) + pathAt
  }

  path(entry: number): Hash {
    const from = this.pathOffset(entry)
    return this.#chunk(entry).slice(from, from + 32)
  }

  /** The encoded record, as a view of its cell. */
  encodedOf(entry: number): Uint8Array {
    return this.cellBytes(this.#cellAt[entry]!, this.#cellLength[entry]!).subarray(blindBytes)
  }

  cellBytes(address: number, length: number): Uint8Array {
    const from = this.cells.offsetOf(address)
    return this.cells.chunkOf(address).subarray(from, from + length)
  }

  lastLine(entry: number): number {
    return this.#views[entry >> chunkBits]!.getFloat64(this.#offset(entry) + lastLineAt)
  }

  setLastLine(entry: number, where: number): void {
    this.#views[entry >> chunkBits]!.setFloat64(this.#offset(entry) + lastLineAt, where)
  }

  #chunk(entry: number): Uint8Array<ArrayBuffer> {
    return this.#chunks[entry >> chunkBits]!
  }

  #offset(entry: number): number {
    return (entry & chunkMask) * headBytes
  }

  #keyLength(entry: number): number {
    return this.#chunk(entry)[this.#offset(entry) + lengthAt]!
  }

  #hasKey(entry: number, key: Uint8Array, at: number, length: number): boolean {
    const chunk = this.#chunk(entry)
    const offset = this.#offset(entry)
    if (chunk[offset + lengthAt] !== length) return false
    for (let i = 0; i < length; i++) if (chunk[offset + keyAt + i] !== key[at + i]) return false
    return true
  }

  #addChunk(): void {
    const chunk = new Uint8Array(headBytes << chunkBits)
    this.#chunks.push(chunk)
    this.#views.push(new DataView(chunk.buffer))
    this.#words.push(new Int32Array(chunk.buffer))
  }

  #growCells(): void {
    const at = new Int32Array(2 * this.#cellAt.length)
    at.set(this.#cellAt)
    this.#cellAt = at
    const length = new Int32Array(2 * this.#cellLength.length)
    length.set(this.#cellLength)
    this.#cellLength = length
  }
}

/** The first word of a head: length and kind of the key. */
function headWord(kind: number, length: number): number {
  return (kind << 24) | (length << 16)
}

function sameId(words: Int32Array, word: number, id: DataView, at: number): boolean {
  for (let i = 0; i < 8; i++) if (words[word + i] !== id.getInt32(at + 4 * i, true)) return false
  return true
}
