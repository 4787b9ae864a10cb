import { taggedHash } from '../hash.ts'

const kinds: string[] = []
const numbers = new Map<string, number>()

/** The number of a kind of tagged hash, for `HashBatch.begin`. Ask once, when a module is loaded. */
export function hashKind(kind: string): number {
  let number = numbers.get(kind)
  if (number === undefined) {
    number = kinds.push(kind) - 1
    numbers.set(kind, number)
  }
  return number
}

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
  memory = new Uint8Array(65_536)
  /** 32 bytes for each message, valid until the next `clear`. */
  digests = new Uint8Array(0)
  #count = 0
  #end = 0
  #kinds: number[] = []
  #starts: number[] = []
  #lengths: number[] = []

  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
    this.#end = 0
    this.#kinds.length = 0
    this.#starts.length = 0
    this.#lengths.length = 0
  }

  /**
   * Begins a message of exactly `length` bytes, at least one; the caller writes all of them.
   * @returns where in `memory` it begins.
   */
  begin(kind: number, length: number): number {
    if (!(length > 0)) throw new RangeError('a tagged hash has no empty message')
    const start = this.#end
    this.#end += length
    if (this.#end > this.memory.length) {
      const grown = new Uint8Array(Math.max(this.#end, 2 * this.memory.length))
      grown.set(this.memory)
      this.memory = grown
    }
    this.#kinds.push(kind)
    this.#starts.push(start)
    this.#lengths.push(length)
    this.#count++
    return start
  }

  run(): void {
    if (this.digests.length < this.#count * 32) this.digests = new Uint8Array(this.#count * 64)
    for (let i = 0; i < this.#count; i++) {
      const start = this.#starts[i]!
      const message = this.memory.subarray(start, start + this.#lengths[i]!)
      this.digests.set(taggedHash(kinds[this.#kinds[i]!]!, message), i * 32)
    }
  }
}
