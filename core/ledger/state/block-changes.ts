import { type Hash, type HashBatch, hashKind, messagesPerPass } from '../../crypto/index.ts'
import { nestedRootBlind, noBlind, stateBlind } from '../../protocol/index.ts'
import { CellHeap } from './cell-heap.ts'
import { blindBytes, type RecordTable } from './record-table.ts'

const untouched = -1
const blindKind = hashKind('tallystick/state-blind')
const digestKind = hashKind('tallystick/state-record')

/** How the blind of a change comes about: from the salt of the last writer and the blind before, or as roots have it. */
const salted = 0
const fixed = 1

/** What a block replaced: entries with the cells they had. Cell 0 stands for a record that the block made. */
export interface ReplacedCells {
  readonly entries: Int32Array
  readonly cells: Int32Array
  readonly lengths: Int32Array
  /** Entries that the block took out. */
  readonly removed: readonly number[]
}

/**
 * What a block writes into the table. The first write of a record gives it a new cell, so that the old one remains for
 * looking back; blinds are computed at the end, since a block may write a record many times and commits only the last.
 */
export class BlockChanges {
  readonly #table: RecordTable
  /** By entry: its change's number. */
  #changeOf = new Int32Array(4_096).fill(untouched)
  #count = 0
  #entries = new Int32Array(1_024)
  #oldCells = new Int32Array(1_024)
  #oldLengths = new Int32Array(1_024)
  #blinding = new Uint8Array(1_024)
  /** By change: the salt of its last writer, and of the first where the block made the record. */
  #salts = new Uint8Array(1_024 * 64)
  #saltWords = new Uint32Array(this.#salts.buffer)
  /** Whether a new record was written more than once. */
  #rewritten = new Uint8Array(1_024)

  constructor(table: RecordTable) {
    this.#table = table
  }

  get count(): number {
    return this.#count
  }

  entryAt(change: number): number {
    return this.#entries[change]!
  }

  /** The cell that the block found; 0 if it made the record. */
  oldCell(change: number): number {
    return this.#oldCells[change]!
  }

  /** Makes an existing record's cell the block's own, with the same content, for changes in place. */
  own(entry: number, salt: Uint8Array, saltAt: number): void {
    const table = this.#table
    if (this.#isTouched(entry)) {
      this.#rewrite(this.#changeOf[entry]!, salt, saltAt)
      return
    }
    const old = table.cellOf(entry)
    const length = table.cellLength(entry)
    this.#touch(entry, salt, saltAt)
    const cell = table.cells.allocate(length)
    table.cells.copy(old, cell, length)
    table.setCell(entry, cell, length)
  }

  write(entry: number, encoded: Uint8Array, salt: Hash): void {
    this.#write(entry, encoded, salt, salted)
  }

  /** Writes the root of a nested trie. */
  writeRoot(entry: number, encoded: Uint8Array): void {
    this.#write(entry, encoded, noBlind, fixed)
  }

  remove(entry: number): void {
    const table = this.#table
    if (this.#isTouched(entry)) this.#releaseOwn(entry)
    else this.#touch(entry, noBlind, 0)
    table.unlink(entry)
  }

  /** The blind of the version that stands in the table now, in the middle of a block too. */
  blindNow(entry: number): Hash {
    const change = this.#isTouched(entry) ? this.#changeOf[entry]! : untouched
    const table = this.#table
    if (change === untouched) return table.cellBytes(table.cellOf(entry), blindBytes).slice()
    if (this.#blinding[change] === fixed) return nestedRootBlind
    return stateBlind(this.#saltAt(change, 0), table.path(entry), this.blindBefore(entry, true))
  }

  /**
   * What the blind of the next version depends on.
   * @param itself - Asked for the version that stands there now.
   */
  blindBefore(entry: number, itself = false): Hash {
    const table = this.#table
    if (!this.#isTouched(entry)) return table.cellBytes(table.cellOf(entry), blindBytes).slice()
    const change = this.#changeOf[entry]!
    const old = this.#oldCells[change]!
    if (old !== 0) return table.cellBytes(old, blindBytes).slice()
    if (itself && this.#rewritten[change] === 0) return noBlind
    return stateBlind(this.#saltAt(change, 32), table.path(entry), noBlind)
  }

  /** Computes the blinds of all changes, and says each one's digest. Removed records have none. */
  seal(hashes: HashBatch, put: (entry: number, digests: Uint8Array, at: number) => void): void {
    for (let from = 0; from < this.#count; from += messagesPerPass) {
      const to = Math.min(from + messagesPerPass, this.#count)
      this.#blind(hashes, from, to)
      this.#digest(hashes, from, to, put)
    }
  }

  /** What the block replaced, for looking back; changes start anew. */
  take(): ReplacedCells {
    const entries = this.#entries.slice(0, this.#count)
    const replaced = {
      entries,
      cells: this.#oldCells.slice(0, this.#count),
      lengths: this.#oldLengths.slice(0, this.#count),
      removed: Array.from(entries).filter((entry) => this.#table.cellOf(entry) === 0),
    }
    for (let i = 0; i < this.#count; i++) this.#changeOf[this.#entries[i]!] = untouched
    this.#count = 0
    return replaced
  }

  #write(entry: number, encoded: Uint8Array, salt: Hash, blinding: number): void {
    const table = this.#table
    const length = blindBytes + encoded.length
    if (this.#isTouched(entry)) {
      this.#rewrite(this.#changeOf[entry]!, salt, 0)
      if (!CellHeap.sameSize(table.cellLength(entry), length)) {
        this.#releaseOwn(entry)
        table.setCell(entry, table.cells.allocate(length), length)
      } else table.setCell(entry, table.cellOf(entry), length)
    } else {
      this.#touch(entry, salt, 0)
      table.setCell(entry, table.cells.allocate(length), length)
    }
    this.#blinding[this.#changeOf[entry]!] = blinding
    const cell = table.cellOf(entry)
    table.cells.chunkOf(cell).set(encoded, table.cells.offsetOf(cell) + blindBytes)
  }

  #releaseOwn(entry: number): void {
    const own = this.#table.cellOf(entry)
    if (own !== 0) this.#table.cells.release(own, this.#table.cellLength(entry))
  }

  #isTouched(entry: number): boolean {
    return entry < this.#changeOf.length && this.#changeOf[entry] !== untouched
  }

  #rewrite(change: number, salt: Uint8Array, saltAt: number): void {
    copy32(salt, saltAt, this.#salts, change * 64)
    this.#rewritten[change] = 1
  }

  #touch(entry: number, salt: Uint8Array, saltAt: number): void {
    if (entry >= this.#changeOf.length) this.#growEntries(entry)
    if (this.#count === this.#entries.length) this.#growChanges()
    const change = this.#count++
    this.#changeOf[entry] = change
    this.#entries[change] = entry
    this.#oldCells[change] = this.#table.cellOf(entry)
    this.#oldLengths[change] = this.#table.cellLength(entry)
    this.#blinding[change] = salted
    this.#rewritten[change] = 0
    copy32(salt, saltAt, this.#salts, change * 64)
    copy32(salt, saltAt, this.#salts, change * 64 + 32)
  }

  #saltAt(change: number, which: 0 | 32): Hash {
    const from = change * 64 + which
    return this.#salts.slice(from, from + 32)
  }

  #blind(hashes: HashBatch, from: number, to: number): void {
    const table = this.#table
    const pending: number[] = []
    hashes.clear()
    for (let change = from; change < to; change++) {
      const entry = this.#entries[change]!
      const cell = table.cellOf(entry)
      if (cell === 0) continue
      if (this.#blinding[change] === fixed) {
        table.cellBytes(cell, blindBytes).set(nestedRootBlind)
        continue
      }
      const at = hashes.begin(blindKind, 96)
      const word = at >>> 2
      copyWords(this.#saltWords, change * 16, hashes.words, word, 8)
      copyWords(table.pathWordsOf(entry), table.pathWord(entry), hashes.words, word + 8, 8)
      this.#writeBefore(change, entry, hashes, at + 64)
      pending.push(cell)
    }
    hashes.run()
    const digests = new Uint32Array(hashes.digests.buffer)
    for (let i = 0; i < pending.length; i++) {
      copyWords(digests, i * 8, table.cells.wordsOf(pending[i]!), table.cells.wordOf(pending[i]!), 8)
    }
  }

  #writeBefore(change: number, entry: number, hashes: HashBatch, at: number): void {
    const old = this.#oldCells[change]!
    const { cells } = this.#table
    if (old !== 0) copyWords(cells.wordsOf(old), cells.wordOf(old), hashes.words, at >>> 2, 8)
    else if (this.#rewritten[change] === 1) copy32(this.blindBefore(entry), 0, hashes.memory, at)
    else hashes.memory.fill(0, at, at + 32)
  }

  #digest(
    hashes: HashBatch,
    from: number,
    to: number,
    put: (entry: number, digests: Uint8Array, at: number) => void,
  ): void {
    const { cells } = this.#table
    const pending: number[] = []
    hashes.clear()
    for (let change = from; change < to; change++) {
      const entry = this.#entries[change]!
      const cell = this.#table.cellOf(entry)
      if (cell === 0) continue
      // Blind and record lie side by side, as they are hashed.
      const length = this.#table.cellLength(entry)
      const at = hashes.begin(digestKind, length)
      const whole = length & ~3
      copyWords(cells.wordsOf(cell), cells.wordOf(cell), hashes.words, at >>> 2, whole >>> 2)
      copyBytes(cells.chunkOf(cell), cells.offsetOf(cell) + whole, length - whole, hashes.memory, at + whole)
      pending.push(entry)
    }
    hashes.run()
    for (let i = 0; i < pending.length; i++) put(pending[i]!, hashes.digests, i * 32)
  }

  #growEntries(entry: number): void {
    const grown = new Int32Array(Math.max(2 * this.#changeOf.length, entry + 1)).fill(untouched)
    grown.set(this.#changeOf)
    this.#changeOf = grown
  }

  #growChanges(): void {
    const length = 2 * this.#entries.length
    this.#entries = grown(this.#entries, new Int32Array(length))
    this.#oldCells = grown(this.#oldCells, new Int32Array(length))
    this.#oldLengths = grown(this.#oldLengths, new Int32Array(length))
    this.#blinding = grown(this.#blinding, new Uint8Array(length))
    this.#rewritten = grown(this.#rewritten, new Uint8Array(length))
    this.#salts = grown(this.#salts, new Uint8Array(64 * length))
    this.#saltWords = new Uint32Array(this.#salts.buffer)
  }
}

function grown<T extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(from: T, into: T): T {
  into.set(from)
  return into
}

export function copyWords(
  from: Uint32Array | Int32Array,
  fromWord: number,
  into: Uint32Array | Int32Array,
  word: number,
  words: number,
): void {
  for (let i = 0; i < words; i++) into[word + i] = from[fromWord + i]!
}

export function copy32(from: Uint8Array, fromAt: number, into: Uint8Array, at: number): void {
  for (let i = 0; i < 32; i++) into[at + i] = from[fromAt + i]!
}

/** A loop, since making a view for `set` costs more than copying a few hundred bytes. */
export function copyBytes(from: Uint8Array, fromAt: number, length: number, into: Uint8Array, at: number): void {
  for (let i = 0; i < length; i++) into[at + i] = from[fromAt + i]!
}
