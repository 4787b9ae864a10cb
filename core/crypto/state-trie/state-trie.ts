import type { Hash } from '../hash.ts'
import { bigEndian, digestWords, EntryArena, entryWords, none } from './entry-arena.ts'
import { innerDigest, leafDigest, leafFlag, pathBit } from './node-hash.ts'
import type { TrieEntry, TrieProof } from './proof.ts'
import { hashSlots } from './slot-hasher.ts'
import { hashLevel } from './upper-levels.ts'

/** An entry's new value digest, or its removal. */
export interface TrieChange {
  readonly path: Hash
  readonly digest: Hash | undefined
}

export interface StateTrieOptions {
  /** Room is made for so many entries at once, so that filling the trie does not grow it step by step. */
  readonly entriesExpected?: number
}

/** A trie of so few entries is one slot: no upper levels, a few hundred bytes. */
const soleSlotEntriesMax = 16
/** Slots double when they hold more entries than this on average; 1 to 2 were the fastest (`benchmarks/state-trie.mjs`). */
const entriesPerSlotMax = 2
/** 2^26 slots: a level stays below the 4 GiB that one array can have. */
const depthMax = 26

/**
 * The state commitment: a compact binary trie of (path, value digest) whose root is a function of the set alone. An
 * entry's leaf is `SHA-256(path ‖ digest)` and lies at its path's first unique prefix; every other node hashes its two
 * sides, an empty side as 32 zero bytes (spec/trees.md; why depth is committed: docs/adr/0003-trie-commits-to-depth.md).
 *
 * In memory the first `depth` levels are flat arrays, and the entries below each of the 2^depth slots are a sorted chain
 * in an arena. Changes only relink chains; the root or a proof makes the touched slots and levels be hashed, in batches.
 */
export class StateTrie {
  readonly #arena = new EntryArena()
  /** The first record of each slot's chain. */
  #heads = Int32Array.of(none)
  /** `levels[d]` holds the digests of the 2^d subtrees at depth d. */
  readonly #levels: Int32Array<ArrayBuffer>[] = []
  /** The same memory by bytes. */
  readonly #levelBytes: Uint8Array[] = []
  #depth = 0
  #size = 0
  /** Slots changed since the last hashing, with repetitions. */
  #touched = new Int32Array(0)
  #touchedCount = 0
  #allTouched = false

  constructor(options: StateTrieOptions = {}) {
    this.#addLevel()
    this.#growFor(options.entriesExpected ?? 0)
  }

  /** Makes room for so many entries at once. */
  reserve(entries: number): void {
    this.#growFor(entries)
  }

  static fromEntries(entries: Iterable<TrieEntry>): StateTrie {
    const changes = [...entries]
    const trie = new StateTrie({ entriesExpected: changes.length })
    trie.update(changes)
    return trie
  }

  get size(): number {
    return this.#size
  }

  get root(): Hash {
    this.#hashTouched()
    return this.#levelDigest(0, 0)
  }

  /** The value digest at a path. */
  get(path: Hash): Hash | undefined {
    loadEntry(path, undefined)
    const record = this.#find(this.#slotOf(entry))
    if (record === none) return undefined
    return this.#readEntry(record).digest
  }

  /**
   * Applies changes in their order, so the last one of a path counts. Removing what is not there changes nothing.
   * @throws {RangeError} if a path or digest is not 32 bytes long; then nothing is changed.
   */
  update(changes: readonly TrieChange[]): void {
    for (const { path, digest } of changes) checkLengths(path, digest)
    for (const { path, digest } of changes) {
      loadEntry(path, digest)
      if (digest === undefined) this.#remove()
      else this.#put()
    }
  }

  /** Puts one entry whose path and digest, of 32 bytes each, stand in larger arrays. */
  put(paths: Uint8Array, pathAt: number, digests: Uint8Array, digestAt: number): void {
    for (let i = 0; i < 32; i++) entryBytes[i] = paths[pathAt + i]!
    for (let i = 0; i < 32; i++) entryBytes[32 + i] = digests[digestAt + i]!
    this.#put()
  }

  /** Shows that the trie holds the entry at `path`, or that it holds none there; see `trieRootFromProof`. */
  prove(path: Hash): TrieProof {
    loadEntry(path, undefined)
    const slot = this.#slotOf(entry)
    this.#hashTouched()
    const siblings: Hash[] = []
    for (let depth = 0; depth < this.#depth; depth++) {
      const index = slot >>> (this.#depth - depth)
      if (!this.#isInner(depth, index)) return { siblings, other: this.#otherBelow(depth, index, path) }
      siblings.push(this.#levelDigest(depth + 1, (slot >>> (this.#depth - depth - 1)) ^ 1))
    }
    const below = [...this.#slotEntries(slot)]
    const end = provePathBelow(below, path, this.#depth, siblings)
    return { siblings, other: end === undefined || end.path.every((byte, i) => byte === path[i]) ? undefined : end }
  }

  /** All entries, sorted by path. Changes during the walk are not allowed. */
  *entries(): Iterable<TrieEntry> & Generator<TrieEntry> {
    for (let slot = 0; slot < this.#heads.length; slot++) yield* this.#slotEntries(slot)
  }

  *#slotEntries(slot: number): Generator<TrieEntry> {
    for (let record = this.#heads[slot]!; record !== none; record = this.#arena.next(record)) {
      yield this.#readEntry(record)
    }
  }

  #readEntry(record: number): TrieEntry {
    const words = new Int32Array(entryWords)
    this.#arena.read(record, words, 0)
    const bytes = new Uint8Array(words.buffer)
    return { path: bytes.slice(0, 32), digest: bytes.slice(32) }
  }

  #slotOf(words: Int32Array): number {
    return this.#depth === 0 ? 0 : bigEndian(words[0]!) >>> (32 - this.#depth)
  }

  #find(slot: number): number {
    let record = this.#heads[slot]!
    while (record !== none) {
      const order = this.#arena.comparePath(record, entry)
      if (order === 0) return record
      if (order > 0) return none
      record = this.#arena.next(record)
    }
    return none
  }

  #put(): void {
    const slot = this.#slotOf(entry)
    let previous: number = none
    let record = this.#heads[slot]!
    while (record !== none) {
      const order = this.#arena.comparePath(record, entry)
      if (order >= 0) {
        if (order > 0) break
        this.#arena.setDigest(record, entry)
        this.#touch(slot)
        return
      }
      previous = record
      record = this.#arena.next(record)
    }
    this.#link(slot, previous, this.#arena.insert(entry, record))
    this.#touch(slot)
    this.#size++
    this.#growFor(this.#size)
  }

  #remove(): void {
    const slot = this.#slotOf(entry)
    const found = this.#find(slot)
    if (found === none) return
    let previous: number = none
    for (let record = this.#heads[slot]!; record !== found; record = this.#arena.next(record)) previous = record
    this.#link(slot, previous, this.#arena.next(found))
    this.#arena.release(found)
    this.#touch(slot)
    this.#size--
  }

  #link(slot: number, previous: number, record: number): void {
    if (previous === none) this.#heads[slot] = record
    else this.#arena.setNext(previous, record)
  }

  #touch(slot: number): void {
    if (this.#allTouched) return
    if (this.#touchedCount === this.#touched.length) {
      // A list of more than the slots costs more than hashing them all.
      if (this.#touchedCount >= this.#heads.length) {
        this.#allTouched = true
        return
      }
      const grown = new Int32Array(Math.max(1, 2 * this.#touched.length))
      grown.set(this.#touched)
      this.#touched = grown
    }
    this.#touched[this.#touchedCount++] = slot
  }

  /** Doubles the slots until they fit so many entries. Every chain splits in two, in order, by the next bit. */
  #growFor(entries: number): void {
    if (entries <= soleSlotEntriesMax) return
    while (entries > entriesPerSlotMax * this.#heads.length && this.#depth < depthMax) {
      const heads = new Int32Array(2 * this.#heads.length).fill(none)
      for (let slot = 0; slot < this.#heads.length; slot++) this.#split(slot, heads)
      this.#heads = heads
      this.#depth++
      this.#addLevel()
      this.#allTouched = true
    }
  }

  #addLevel(): void {
    const level = new Int32Array(this.#heads.length * digestWords)
    this.#levels.push(level)
    this.#levelBytes.push(new Uint8Array(level.buffer))
  }

  #split(slot: number, heads: Int32Array): void {
    let first = this.#heads[slot]!
    let last: number = none
    let record = first
    while (record !== none && this.#arena.pathBit(record, this.#depth) === 0) {
      last = record
      record = this.#arena.next(record)
    }
    if (last === none) first = none
    else this.#arena.setNext(last, none)
    heads[2 * slot] = first
    heads[2 * slot + 1] = record
  }

  #hashTouched(): void {
    const slots = this.#takeTouched()
    let count = slots.length
    if (count === 0) return
    hashSlots(this.#arena, this.#heads, slots, count, this.#depth, this.#levels[this.#depth]!)
    for (let depth = this.#depth - 1; depth >= 0; depth--) {
      count = toParents(slots, count)
      hashLevel(this.#levels[depth + 1]!, slots, count, this.#levels[depth]!)
    }
  }

  /** The changed slots, sorted, each once. */
  #takeTouched(): Int32Array {
    const all = this.#allTouched
    const count = this.#touchedCount
    this.#allTouched = false
    this.#touchedCount = 0
    if (all) {
      const slots = new Int32Array(this.#heads.length)
      for (let slot = 0; slot < slots.length; slot++) slots[slot] = slot
      return slots
    }
    if (count === 0) return this.#touched.subarray(0, 0)
    const slots = this.#touched.subarray(0, count).sort()
    let kept = 1
    for (let i = 1; i < count; i++) if (slots[i] !== slots[kept - 1]) slots[kept++] = slots[i]!
    return slots.subarray(0, kept)
  }

  #levelDigest(depth: number, index: number): Hash {
    const digest = new Uint8Array(32)
    const bytes = this.#levelBytes[depth]!
    for (let i = 0; i < 32; i++) digest[i] = bytes[index * 32 + i]!
    return digest
  }

  #isInner(depth: number, index: number): boolean {
    const level = this.#levels[depth]!
    const word = index * digestWords
    return (level[word]! & leafFlag) === 0 && !this.#isEmpty(depth, index)
  }

  #isEmpty(depth: number, index: number): boolean {
    const level = this.#levels[depth]!
    for (let i = 0; i < digestWords; i++) if (level[index * digestWords + i] !== 0) return false
    return true
  }

  /** The sole entry below a node, unless it is the path's own or there is none. */
  #otherBelow(depth: number, index: number, path: Hash): TrieEntry | undefined {
    if (this.#isEmpty(depth, index)) return undefined
    let slot = index
    for (let d = depth + 1; d <= this.#depth; d++) slot = this.#isEmpty(d, 2 * slot) ? 2 * slot + 1 : 2 * slot
    const found = this.#readEntry(this.#heads[slot]!)
    return found.path.every((byte, i) => byte === path[i]) ? undefined : found
  }
}

/** The entry that is being looked for or changed: one buffer, since nothing here is re-entrant. */
const entry = new Int32Array(entryWords)
const entryBytes = new Uint8Array(entry.buffer)

function checkLengths(path: Hash, digest: Hash | undefined): void {
  if (path.length !== 32) throw new RangeError(`a path has 32 bytes, not ${path.length}`)
  if (digest !== undefined && digest.length !== 32) throw new RangeError(`a digest has 32 bytes, not ${digest.length}`)
}

function loadEntry(path: Hash, digest: Hash | undefined): void {
  checkLengths(path, digest)
  for (let i = 0; i < 32; i++) entryBytes[i] = path[i]!
  if (digest !== undefined) for (let i = 0; i < 32; i++) entryBytes[32 + i] = digest[i]!
}

/** Replaces sorted indices by their parents', each once; returns how many they are. */
function toParents(indices: Int32Array, count: number): number {
  let kept = 0
  for (let i = 0; i < count; i++) {
    const parent = indices[i]! >>> 1
    if (kept === 0 || indices[kept - 1] !== parent) indices[kept++] = parent
  }
  return kept
}

/** Walks down among sorted entries, pushing the siblings; returns the entry that the walk ends at. */
function provePathBelow(entries: TrieEntry[], path: Hash, depth: number, siblings: Hash[]): TrieEntry | undefined {
  if (entries.length <= 1) return entries[0]
  const { left, right } = divide(entries, depth)
  const [onPath, beside] = pathBit(path, depth) === 0 ? [left, right] : [right, left]
  siblings.push(subtreeDigest(beside, depth + 1))
  return provePathBelow(onPath, path, depth + 1, siblings)
}

function subtreeDigest(entries: TrieEntry[], depth: number): Hash {
  const [first] = entries
  if (first === undefined) return new Uint8Array(32)
  if (entries.length === 1) return leafDigest(first.path, first.digest)
  const { left, right } = divide(entries, depth)
  return innerDigest(subtreeDigest(left, depth + 1), subtreeDigest(right, depth + 1))
}

function divide(entries: TrieEntry[], depth: number): { left: TrieEntry[]; right: TrieEntry[] } {
  return {
    left: entries.filter(({ path }) => pathBit(path, depth) === 0),
    right: entries.filter(({ path }) => pathBit(path, depth) === 1),
  }
}
