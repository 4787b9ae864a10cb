import { digestWords, type EntryArena, entryWords, none, wordBit } from './entry-arena.ts'
import { leafFlag, PairBatch } from './node-hash.ts'

/** Entries that one pass gathers before it hashes: 256 KiB of pairs, which stay in the processor's cache. */
const passEntries = 4096

/** Digest 0 of a pass stands for an empty subtree, digest 1 + i for leaf i; those of inner nodes follow. */
const emptyRef = 0

/**
 * Hashes the subtrees of slots, many at once: all leaves in one batch, then the inner nodes below the slots, deepest
 * level first. One object serves all tries of a thread, since nothing of a pass is kept.
 */
class SlotHasher {
  #leaves = new PairBatch(passEntries + 64)
  readonly #nodes = new PairBatch(passEntries)
  #digests = new Int32Array(4 * passEntries * digestWords)
  #digestCount = 0
  #leafCount = 0
  readonly #slots: number[] = []
  readonly #starts: number[] = []
  readonly #roots: number[] = []
  /** By depth below the slots: left, right and the node's own number, flat. */
  readonly #jobs: number[][] = []

  /** Writes the digests of `slots[0..count)` to their places in `level`, which lies at depth `depth`. */
  hash(arena: EntryArena, heads: Int32Array, slots: Int32Array, count: number, depth: number, level: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!
      this.#slots.push(slot)
      this.#starts.push(this.#leafCount)
      for (let record = heads[slot]!; record !== none; record = arena.next(record)) {
        if (this.#leafCount === this.#leaves.pairsMax) this.#growLeaves()
        arena.read(record, this.#leaves.pairs, this.#leafCount++ * entryWords)
      }
      if (this.#leafCount >= passEntries || i === count - 1) this.#finishPass(depth, level)
    }
  }

  #finishPass(depth: number, level: Int32Array): void {
    this.#digestCount = 1 + this.#leafCount
    this.#starts.push(this.#leafCount)
    for (let i = 0; i < this.#slots.length; i++) {
      this.#roots.push(this.#plan(this.#starts[i]!, this.#starts[i + 1]!, depth, 0))
    }
    if (this.#digestCount * digestWords > this.#digests.length) {
      this.#digests = new Int32Array(2 * this.#digestCount * digestWords)
    }
    this.#hashLeaves()
    for (let below = this.#jobs.length - 1; below >= 0; below--) this.#hashJobs(this.#jobs[below]!)
    for (let i = 0; i < this.#slots.length; i++) {
      copyDigest(this.#digests, this.#roots[i]! * digestWords, level, this.#slots[i]! * digestWords)
    }
    this.#leafCount = 0
    this.#slots.length = 0
    this.#starts.length = 0
    this.#roots.length = 0
  }

  /** Plans the subtree of the sorted leaves from `low` to before `high`; returns the number of its digest. */
  #plan(low: number, high: number, depth: number, below: number): number {
    if (high === low) return emptyRef
    if (high === low + 1) return 1 + low
    let split = low
    while (split < high && this.#leafBit(split, depth + below) === 0) split++
    const left = this.#plan(low, split, depth, below + 1)
    const right = this.#plan(split, high, depth, below + 1)
    const own = this.#digestCount++
    while (this.#jobs.length <= below) this.#jobs.push([])
    this.#jobs[below]!.push(left, right, own)
    return own
  }

  #leafBit(leaf: number, bit: number): number {
    return wordBit(this.#leaves.pairs[leaf * entryWords + (bit >> 5)]!, bit & 31)
  }

  #hashLeaves(): void {
    this.#leaves.hash(this.#leafCount)
    const { digests } = this.#leaves
    for (let i = 0; i < this.#leafCount; i++) {
      digests[i * digestWords] = digests[i * digestWords]! | leafFlag
      copyDigest(digests, i * digestWords, this.#digests, (1 + i) * digestWords)
    }
  }

  #hashJobs(jobs: number[]): void {
    const { pairs, digests, pairsMax } = this.#nodes
    for (let done = 0; done < jobs.length; done += 3 * pairsMax) {
      const count = Math.min(pairsMax, (jobs.length - done) / 3)
      for (let i = 0; i < count; i++) {
        copyDigest(this.#digests, jobs[done + 3 * i]! * digestWords, pairs, i * entryWords)
        copyDigest(this.#digests, jobs[done + 3 * i + 1]! * digestWords, pairs, i * entryWords + digestWords)
      }
      this.#nodes.hash(count)
      for (let i = 0; i < count; i++) {
        const own = jobs[done + 3 * i + 2]! * digestWords
        copyDigest(digests, i * digestWords, this.#digests, own)
        this.#digests[own] = this.#digests[own]! & ~leafFlag
      }
    }
    jobs.length = 0
  }

  #growLeaves(): void {
    const grown = new PairBatch(2 * this.#leaves.pairsMax)
    grown.pairs.set(this.#leaves.pairs)
    this.#leaves = grown
  }
}

export function copyDigest(from: Int32Array, fromWord: number, into: Int32Array, intoWord: number): void {
  for (let i = 0; i < digestWords; i++) into[intoWord + i] = from[fromWord + i]!
}

let hasher: SlotHasher | undefined

/** Hashes the subtrees of slots into a level; see `SlotHasher`. */
export function hashSlots(
  arena: EntryArena,
  heads: Int32Array,
  slots: Int32Array,
  count: number,
  depth: number,
  level: Int32Array,
): void {
  hasher ??= new SlotHasher()
  hasher.hash(arena, heads, slots, count, depth, level)
}
