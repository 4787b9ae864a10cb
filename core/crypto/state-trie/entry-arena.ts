/** 32-bit words of a path or of a digest. */
export const digestWords = 8
/** Words of a path and the digest behind it: what a leaf hashes. */
export const entryWords = 16

/** A record is an entry and the number of the next record of its chain. */
const recordWords = entryWords + 1
const chunkBits = 14
const chunkRecords = 1 << chunkBits
const firstChunkRecords = 4

/** Ends a chain. */
export const none = -1

/**
 * Entries (path, value digest) in typed arrays, linked into chains by the caller. Chunks bound the size of one array
 * (Node 20 has none above 4 GiB) and spare the copy when the arena grows; only the first chunk grows by doubling, so
 * that a trie of a few entries is small. Records are numbered; a released number is used again.
 */
export class EntryArena {
  #chunks: Int32Array<ArrayBuffer>[] = []
  #count = 0
  #released = none

  /** Takes a record and fills it. */
  insert(entry: Int32Array, next: number): number {
    let record = this.#released
    if (record === none) record = this.#append()
    else this.#released = this.next(record)
    const chunk = this.#chunks[record >> chunkBits]!
    const at = (record & (chunkRecords - 1)) * recordWords
    for (let i = 0; i < entryWords; i++) chunk[at + i] = entry[i]!
    chunk[at + entryWords] = next
    return record
  }

  release(record: number): void {
    this.setNext(record, this.#released)
    this.#released = record
  }

  next(record: number): number {
    return this.#chunks[record >> chunkBits]![(record & (chunkRecords - 1)) * recordWords + entryWords]!
  }

  setNext(record: number, next: number): void {
    this.#chunks[record >> chunkBits]![(record & (chunkRecords - 1)) * recordWords + entryWords] = next
  }

  setDigest(record: number, entry: Int32Array): void {
    const chunk = this.#chunks[record >> chunkBits]!
    const at = (record & (chunkRecords - 1)) * recordWords
    for (let i = digestWords; i < entryWords; i++) chunk[at + i] = entry[i]!
  }

  /** Copies path and digest of a record to `into`, at a word. */
  read(record: number, into: Int32Array, at: number): void {
    const chunk = this.#chunks[record >> chunkBits]!
    const from = (record & (chunkRecords - 1)) * recordWords
    for (let i = 0; i < entryWords; i++) into[at + i] = chunk[from + i]!
  }

  /** The sign of the lexicographic comparison of the record's path with the entry's. */
  comparePath(record: number, entry: Int32Array): number {
    const chunk = this.#chunks[record >> chunkBits]!
    const at = (record & (chunkRecords - 1)) * recordWords
    for (let i = 0; i < digestWords; i++) {
      const a = chunk[at + i]!
      const b = entry[i]!
      if (a !== b) return bigEndian(a) < bigEndian(b) ? -1 : 1
    }
    return 0
  }

  /** A bit of the record's path, most significant of the first byte first. */
  pathBit(record: number, bit: number): number {
    const chunk = this.#chunks[record >> chunkBits]!
    return wordBit(chunk[(record & (chunkRecords - 1)) * recordWords + (bit >> 5)]!, bit & 31)
  }

  #append(): number {
    const record = this.#count
    const chunkIndex = record >> chunkBits
    const chunk = this.#chunks[chunkIndex]
    const needed = ((record & (chunkRecords - 1)) + 1) * recordWords
    if (chunk === undefined || chunk.length < needed) {
      const records =
        chunkIndex > 0 ? chunkRecords : chunk === undefined ? firstChunkRecords : (chunk.length / recordWords) * 2
      const grown = new Int32Array(records * recordWords)
      if (chunk !== undefined) grown.set(chunk)
      this.#chunks[chunkIndex] = grown
    }
    this.#count++
    return record
  }
}

const littleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1

/** The bytes of a word, in the order of memory, as a number that compares like them. */
export function bigEndian(word: number): number {
  if (!littleEndian) return word >>> 0
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0
}

/** Bit 0 is the most significant bit of the first byte in memory, bit 31 the least significant of the fourth. */
export function wordBit(word: number, bit: number): number {
  return littleEndian ? (word >>> ((bit & 24) + 7 - (bit & 7))) & 1 : (word >>> (31 - bit)) & 1
}
