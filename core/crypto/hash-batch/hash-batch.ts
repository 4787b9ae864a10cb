import { taggedHash } from '../hash.ts'
import { Kernel, messagesAt, stateAt } from './kernel.ts'
import { kinds } from './kinds.ts'
import { groupBytes } from './sha256-kernel.ts'

/** A batch that takes more is refused, so that a bit length fits one word. */
export const batchBytesMax = 256 * 1024 * 1024
/** A memory that grew above this is given back by `clear`. */
export const keptBytesMax = 32 * 1024 * 1024
/** Messages of one length are hashed in groups of so many, in the order in which they were begun. */
export const sideBySide = 4
/** A longer message is hashed by the runtime alone: instructions for SHA-256 are faster than four lanes then. */
const laneBlocksMax = 16
const memoryBytesMin = 65_536
const messagesMin = 1_024

/** Of each number of blocks, where in a table its next message goes. Runs are synchronous, so one serves all. */
const places = new Uint32Array(laneBlocksMax)

const blocksOf = (length: number) => (length + 72) >>> 6
const bigEndian = (word: number) => (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)

/**
 * Tagged hashes (`taggedHash`) of many messages, taken together. Messages are written straight into `memory`; the digests
 * stand in the order in which messages were begun.
 *
 * @example
 * batch.clear()
 * const at = batch.begin(kind, 32)
 * batch.memory.set(message, at)
 * batch.run()
 * batch.digests.subarray(0, 32) // equals taggedHash('…', message)
 */
export class HashBatch {
  /** Where messages are written. `begin` may replace it, so look it up afterwards. */
  memory = new Uint8Array(0)
  /** The same memory by words. Every message begins at a word. */
  words = new Uint32Array(0)
  view = new DataView(new ArrayBuffer(0))
  /** 32 bytes for each message, valid until the next `clear`. */
  digests = new Uint8Array(0)
  #kernel: Kernel | undefined
  #count = 0
  #end = messagesAt
  #capacity = 0
  #kinds = new Uint32Array(0)
  #starts = new Uint32Array(0)
  #lengths = new Uint32Array(0)
  /** Where a digest goes instead of to the digests; 0 for those that go there. */
  #targets = new Uint32Array(0)

  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
    this.#end = messagesAt
    if (this.memory.length > keptBytesMax) this.#giveBack()
  }

  /**
   * Begins a message of exactly `length` bytes, at least one; the caller writes all of them.
   * @returns where in `memory` it begins.
   * @throws {RangeError} if the batch would have more than `batchBytesMax`.
   */
  begin(kind: number, length: number): number {
    if (!(length > 0 && length <= batchBytesMax))
      throw new RangeError(`a message has 1 to ${batchBytesMax} bytes, not ${length}`)
    if (!(kind < kinds.length)) throw new RangeError(`no kind of hash has the number ${kind}`)
    const start = this.#end
    const end = start + blocksOf(length) * 64
    const index = this.#count
    if (end > this.#capacity) this.#growMemory(end)
    if (index === this.#starts.length) this.#growMessages()
    const words = this.words
    const lastWord = (end >>> 2) - 1
    const marked = (start + length) >>> 2
    for (let i = marked + 1; i < lastWord; i++) words[i] = 0
    words[marked] = 0x80 << ((length & 3) << 3)
    // The prefix T‖T counts.
    words[lastWord] = bigEndian((length + 64) << 3)
    this.#kinds[index] = kind
    this.#starts[index] = start
    this.#lengths[index] = length
    this.#targets[index] = 0
    this.#count = index + 1
    this.#end = end
    return start
  }

  /**
   * Puts a message's digest into `memory` instead of among the digests, so that a later message can have it in it: chains of
   * hashes, many side by side, are one batch. All messages of such a batch have equal lengths, and the later one was begun
   * after at least `sideBySide` others since the number of messages was last a multiple of it.
   * @param index - Of the message, from 0. @param at - Begins at a word.
   */
  redirect(index: number, at: number): void {
    this.#targets[index] = at
  }

  /** Computes the digests of all messages since `clear`. */
  run(): void {
    const count = this.#count
    if (this.digests.length < count * 32) this.digests = new Uint8Array(count * 64)
    const short = this.#kernel === undefined ? 0 : this.#runKernel(this.#kernel)
    if (short === count) return
    for (let i = 0; i < count; i++) {
      if (this.#kernel === undefined || blocksOf(this.#lengths[i]!) > laneBlocksMax) this.#hashAlone(i)
    }
  }

  /** Computes them, and gives them as memory of their own. */
  take(): Uint8Array<ArrayBuffer> {
    this.run()
    return this.digests.slice(0, 32 * this.#count)
  }

  /** @returns how many messages were short enough. */
  #runKernel(kernel: Kernel): number {
    const digestsAt = this.#end
    const digestsEnd = digestsAt + this.#count * 32
    const table = Math.ceil(digestsEnd / groupBytes) * groupBytes
    kernel.prepareKinds(table)
    const buffer = kernel.buffer(table + (this.#count + 3) * (groupBytes / 4))
    if (buffer !== this.memory.buffer) this.#useMemory(new Uint8Array(buffer))
    const short = this.#writeTable(table, digestsAt)
    if (short === 0) return 0
    kernel.run(table, table + Math.ceil(short / 4) * groupBytes)
    this.digests.set(this.memory.subarray(digestsAt, digestsEnd))
    return short
  }

  /** Puts messages with most blocks first, so that lanes of a group seldom wait for each other: a counting sort. */
  #writeTable(table: number, digestsAt: number): number {
    const count = this.#count
    const words = this.words
    const lengths = this.#lengths
    places.fill(0)
    for (let i = 0; i < count; i++) {
      const blocks = blocksOf(lengths[i]!)
      if (blocks <= laneBlocksMax) places[blocks - 1]!++
    }
    let short = 0
    for (let blocks = laneBlocksMax; blocks > 0; blocks--) {
      short += places[blocks - 1]!
      places[blocks - 1] = short - places[blocks - 1]!
    }
    const write = (place: number, i: number, blocks: number) => {
      const at = (table >>> 2) + (place >>> 2) * 16 + (place & 3)
      words[at] = this.#starts[i]!
      words[at + 4] = stateAt(this.#kinds[i]!)
      words[at + 8] = this.#targets[i]! || digestsAt + i * 32
      words[at + 12] = blocks
    }
    let last = 0
    for (let i = 0; i < count; i++) {
      const blocks = blocksOf(lengths[i]!)
      if (blocks > laneBlocksMax) continue
      const place = places[blocks - 1]!++
      write(place, i, blocks)
      if (place === short - 1) last = i
    }
    // Lanes that no message is left for repeat the last one.
    for (let place = short; (place & 3) !== 0; place++) write(place, last, blocksOf(lengths[last]!))
    return short
  }

  #hashAlone(index: number): void {
    const start = this.#starts[index]!
    const message = this.memory.subarray(start, start + this.#lengths[index]!)
    const digest = taggedHash(kinds[this.#kinds[index]!]!.name, message)
    if (this.#targets[index] !== 0) this.memory.set(digest, this.#targets[index])
    else this.digests.set(digest, index * 32)
  }

  #useMemory(memory: Uint8Array<ArrayBuffer>): void {
    this.memory = memory
    this.words = new Uint32Array(memory.buffer, 0, memory.length >>> 2)
    this.view = new DataView(memory.buffer)
    this.#capacity = Math.min(memory.length, batchBytesMax)
  }

  #growMemory(end: number): void {
    if (end > batchBytesMax) {
      throw new RangeError(`a batch takes at most ${batchBytesMax} bytes: run it and clear it before`)
    }
    if (this.memory.length === 0) this.#kernel = Kernel.create()
    const bytes = Math.min(Math.max(end, 2 * this.memory.length, memoryBytesMin), batchBytesMax)
    if (this.#kernel !== undefined) this.#useMemory(new Uint8Array(this.#kernel.buffer(bytes)))
    else {
      const grown = new Uint8Array(bytes)
      grown.set(this.memory)
      this.#useMemory(grown)
    }
  }

  #growMessages(): void {
    const grow = (words: Uint32Array<ArrayBuffer>) => {
      const grown = new Uint32Array(Math.max(messagesMin, 2 * words.length))
      grown.set(words)
      return grown
    }
    this.#kinds = grow(this.#kinds)
    this.#starts = grow(this.#starts)
    this.#lengths = grow(this.#lengths)
    this.#targets = grow(this.#targets)
  }

  #giveBack(): void {
    this.#kernel = undefined
    this.#useMemory(new Uint8Array(0))
    this.digests = new Uint8Array(0)
    this.#kinds = new Uint32Array(0)
    this.#starts = new Uint32Array(0)
    this.#lengths = new Uint32Array(0)
    this.#targets = new Uint32Array(0)
  }
}
