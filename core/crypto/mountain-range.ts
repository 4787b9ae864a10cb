import { type Hash, hashPair } from './hash.ts'
import { sealRoot } from './list-tree.ts'

/** A node of the tree that can't change any more: it covers the leaves from `index · 2^level`, `2^level` of them. */
export interface RangeNode {
  readonly level: number
  readonly index: number
  readonly digest: Hash
}

/**
 * Builds the tree of `listRoot` leaf by leaf, for lists that only grow. It keeps the peaks alone: the tops of the
 * perfect subtrees that the length is a sum of, largest first. Bagged from the right they give the same top as folding
 * levels, since a lone last node rises unchanged.
 */
export class MountainRange {
  readonly #kind: string
  #size = 0
  #peaks: Hash[] = []

  /** @param kind - What is listed, as in `listRoot`. */
  constructor(kind: string) {
    this.#kind = kind
  }

  /**
   * Resumes from what was stored.
   * @throws {RangeError} unless there are as many peaks as the size has bits of 1.
   */
  static fromPeaks(kind: string, size: number, peaks: readonly Hash[]): MountainRange {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`a size is a whole number, not ${size}`)
    const wanted = countOnes(size)
    if (peaks.length !== wanted) throw new RangeError(`${size} leaves have ${wanted} peaks, not ${peaks.length}`)
    const range = new MountainRange(kind)
    range.#size = size
    range.#peaks = peaks.map((peak) => Uint8Array.from(peak))
    return range
  }

  get size(): number {
    return this.#size
  }

  /** Largest first. */
  get peaks(): readonly Hash[] {
    return this.#peaks
  }

  /** @returns The nodes that are thereby complete, the leaf first: a store that keeps them can give `rangePath`. */
  append(leaf: Hash): RangeNode[] {
    let node: RangeNode = { level: 0, index: this.#size, digest: leaf }
    const completed = [node]
    while (node.index % 2 === 1) {
      const left = this.#peaks.pop()!
      node = { level: node.level + 1, index: (node.index - 1) / 2, digest: hashPair(left, node.digest) }
      completed.push(node)
    }
    this.#peaks.push(node.digest)
    this.#size++
    return completed
  }

  /** The same as `listRoot(kind, leaves)`. */
  root(): Hash {
    return sealRoot(this.#kind, this.#size, bagPeaks(this.#peaks))
  }
}

function bagPeaks(peaks: readonly Hash[]): Hash {
  if (peaks.length === 0) return new Uint8Array(32)
  return peaks.reduceRight((right, peak) => hashPair(peak, right))
}

/**
 * The siblings that prove a leaf under the root of the list's first `size` leaves, as `listRootFromPath` checks them.
 * @param nodeAt - The stored node of that level and index; asked only for nodes that `append` reported complete by then.
 */
export function rangePath(size: number, index: number, nodeAt: (level: number, index: number) => Hash): Hash[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a list of ${size}`)
  const path: Hash[] = []
  let count = size
  let at = index
  for (let level = 0; count > 1; level++) {
    const sibling = at % 2 === 0 ? at + 1 : at - 1
    if (sibling < count) path.push(nodeOf(size, level, sibling, nodeAt))
    at = Math.floor(at / 2)
    count = Math.ceil(count / 2)
  }
  return path
}

/** A stored node, or one at the right edge that is bagged from the complete ones below it. */
function nodeOf(size: number, level: number, index: number, nodeAt: (level: number, index: number) => Hash): Hash {
  if ((index + 1) * 2 ** level <= size) return nodeAt(level, index)
  const left = nodeOf(size, level - 1, 2 * index, nodeAt)
  const hasRight = (2 * index + 1) * 2 ** (level - 1) < size
  return hasRight ? hashPair(left, nodeOf(size, level - 1, 2 * index + 1, nodeAt)) : left
}

function countOnes(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}
