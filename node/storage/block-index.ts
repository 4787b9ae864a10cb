import type { RecordLocation } from './append-log.ts'

/** What the index keeps of one record. */
export type BlockIndexEntry =
  | {
      readonly kind: 'block'
      readonly height: number
      readonly offset: number
      readonly hash: Uint8Array
      readonly final: boolean
      readonly complete: boolean
    }
  | { readonly kind: 'batches'; readonly height: number; readonly offset: number }

const finalFlag = 1
const completeFlag = 2

/** Where each block stands: 17 bytes of typed arrays a block, by height, and a few more for blocks that came without batches. */
export class BlockIndex {
  #first: number | undefined
  #count = 0
  #segments = new Uint32Array(1_024)
  #offsets = new Uint32Array(1_024)
  /** The first four bytes of each block's hash. */
  #hashes = new Uint32Array(1_024)
  #flags = new Uint8Array(1_024)
  /** Hash table: block number + 1 at the place of its hash, linear probing, at most half full. */
  #table = new Uint32Array(2_048)
  /** Only of blocks that were stored without their batches. */
  readonly #batches = new Map<number, RecordLocation>()
  readonly #incomplete = new Set<number>()

  get firstHeight(): number | undefined {
    return this.#first
  }

  get height(): number | undefined {
    return this.#first === undefined ? undefined : this.#first + this.#count - 1
  }

  /** Whether a record may come next: a block at the next height, or batches of a block that lacks them. */
  accepts({ kind, height }: Pick<BlockIndexEntry, 'kind' | 'height'>): boolean {
    if (kind === 'batches') return this.#incomplete.has(height)
    return this.#first === undefined || height === this.#first + this.#count
  }

  add(segment: number, entry: BlockIndexEntry): void {
    const { height, offset } = entry
    if (entry.kind === 'batches') {
      this.#batches.set(height, { segment, offset })
      this.#incomplete.delete(height)
      return
    }
    this.#first ??= height
    if (this.#count === this.#segments.length) this.#grow()
    const at = this.#count++
    this.#segments[at] = segment
    this.#offsets[at] = offset
    this.#hashes[at] = prefixOf(entry.hash)
    this.#flags[at] = (entry.final ? finalFlag : 0) | (entry.complete ? completeFlag : 0)
    if (!entry.complete) this.#incomplete.add(height)
    this.#enter(at)
  }

  #enter(at: number): void {
    const mask = this.#table.length - 1
    let slot = this.#hashes[at]! & mask
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask
    this.#table[slot] = at + 1
  }

  #grow(): void {
    const larger = <A extends Uint32Array | Uint8Array>(old: A, made: A): A => {
      made.set(old)
      return made
    }
    const length = this.#segments.length * 2
    this.#segments = larger(this.#segments, new Uint32Array(length))
    this.#offsets = larger(this.#offsets, new Uint32Array(length))
    this.#hashes = larger(this.#hashes, new Uint32Array(length))
    this.#flags = larger(this.#flags, new Uint8Array(length))
    this.#table = new Uint32Array(length * 2)
    for (let at = 0; at < this.#count; at++) this.#enter(at)
  }

  #at(height: number): number | undefined {
    if (this.#first === undefined || height < this.#first || height >= this.#first + this.#count) return undefined
    return height - this.#first
  }

  blockAt(height: number): RecordLocation | undefined {
    const at = this.#at(height)
    return at === undefined ? undefined : { segment: this.#segments[at]!, offset: this.#offsets[at]! }
  }

  batchesAt(height: number): RecordLocation | undefined {
    return this.#batches.get(height)
  }

  /** Heights of the blocks whose hash starts with the same four bytes. */
  heightsLike(hash: Uint8Array): number[] {
    const prefix = prefixOf(hash)
    const mask = this.#table.length - 1
    const heights: number[] = []
    for (let slot = prefix & mask; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      const at = this.#table[slot]! - 1
      if (this.#hashes[at] === prefix) heights.push(this.#first! + at)
    }
    return heights
  }

  nextFinality(height: number): number | undefined {
    if (this.#first === undefined) return undefined
    for (let at = Math.max(height - this.#first, 0); at < this.#count; at++) {
      if ((this.#flags[at]! & finalFlag) !== 0) return this.#first + at
    }
    return undefined
  }

  incomplete(): number[] {
    return [...this.#incomplete].sort((a, b) => a - b)
  }
}

function prefixOf(hash: Uint8Array): number {
  return new DataView(hash.buffer, hash.byteOffset, 4).getUint32(0, true)
}
