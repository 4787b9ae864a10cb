import { runtime } from '#crypto-runtime'
import { type Hash, hashPair, taggedHash } from './hash.ts'

/**
 * The Merkle tree of a list, shaped as RFC 6962 shapes it: neighbours pair up level by level and a lone last node rises
 * unchanged, so no leaf is ever repeated. The root is a tagged hash over the kind's name, the length and the tree's top,
 * so a list commits to its length. Leaves are tagged hashes, so no leaf can pass for an inner node.
 */
export function listRoot(kind: string, leaves: readonly Hash[]): Hash {
  return listRootOfPacked(kind, packed(leaves))
}

/** The same of leaves that stand packed, 32 bytes each. */
export function listRootOfPacked(kind: string, leaves: Uint8Array): Hash {
  const length = leaves.length / 32
  return sealRoot(kind, length, length === 0 ? emptyTop : listTops(leaves, [length]))
}

/** The siblings from the leaf upwards that prove `leaves[index]` under the root. */
export function listPath(leaves: readonly Hash[], index: number): Hash[] {
  return listTree('', leaves).path(index)
}

/** A list's tree with all its levels, for the paths of many leaves. */
export interface ListTree {
  readonly root: Hash
  /** The same as `listPath(leaves, index)`. */
  path(index: number): Hash[]
}

export function listTree(kind: string, leaves: readonly Hash[]): ListTree {
  return listTreeOfPacked(kind, packed(leaves))
}

/** The same of leaves that stand packed, 32 bytes each; they are kept, not copied. */
export function listTreeOfPacked(kind: string, leaves: Uint8Array): ListTree {
  const length = leaves.length / 32
  const levels: Uint8Array[] = []
  const top = foldLevels(leaves, (level) => levels.push(level))
  return {
    root: sealRoot(kind, length, top),
    path: (index) => {
      if (!(index >= 0 && index < length)) throw new RangeError(`no leaf ${index} in a list of ${length}`)
      const path: Hash[] = []
      levels.forEach((level, depth) => {
        const sibling = (index >> depth) ^ 1
        if (sibling * 32 < level.length) path.push(level.slice(sibling * 32, sibling * 32 + 32))
      })
      return path
    },
  }
}

/** Values under one root. Each is made when it is asked for, since of thousands few are wanted at once. */
export interface TreeList<T> {
  readonly length: number
  /** @param index - Below `length`. */
  at(index: number): T
  readonly tree: ListTree
}

/** Makes all of them. */
export function valuesOf<T>({ length, at }: Pick<TreeList<T>, 'length' | 'at'>): T[] {
  return Array.from({ length }, (_, index) => at(index))
}

/**
 * The root that a leaf and its path lead to, or `undefined` if the path's length doesn't fit. The caller compares the
 * root; `index` and `length` are thereby proven too.
 */
export function listRootFromPath(
  kind: string,
  leaf: Hash,
  index: number,
  length: number,
  path: readonly Hash[],
): Hash | undefined {
  if (index < 0 || index >= length) return undefined
  let node = leaf
  let at = index
  let count = length
  let used = 0
  while (count > 1) {
    const sibling = at % 2 === 0 ? at + 1 : at - 1
    if (sibling < count) {
      const other = path[used++]
      if (other === undefined) return undefined
      node = at % 2 === 0 ? hashPair(node, other) : hashPair(other, node)
    }
    at = Math.floor(at / 2)
    count = Math.ceil(count / 2)
  }
  return used === path.length ? sealRoot(kind, length, node) : undefined
}

/** The root over a list of a given length whose topmost node is known. */
export function sealRoot(kind: string, length: number, top: Hash): Hash {
  const header = new Uint8Array(8)
  for (let rest = length, i = 0; rest > 0; rest = Math.floor(rest / 256)) header[i++] = rest % 256
  return taggedHash(`tallystick/list/${kind}`, header, top)
}

const emptyTop = new Uint8Array(32)

function packed(leaves: readonly Hash[]): Uint8Array {
  const bytes = new Uint8Array(leaves.length * 32)
  for (let i = 0; i < leaves.length; i++) bytes.set(leaves[i]!, i * 32)
  return bytes
}

function foldLevels(leaves: Uint8Array, visit: (level: Uint8Array) => void): Hash {
  if (leaves.length === 0) return emptyTop
  let level = leaves
  let count = leaves.length / 32
  while (count > 1) {
    visit(level)
    level = count % 2 === 0 ? hashLevel(level) : foldUneven(level, [count])
    count = (count + 1) >> 1
  }
  return level
}

/**
 * The topmost nodes of many lists whose leaves stand packed one list behind the other, for `sealRoot`: each level of all
 * lists is hashed in one call.
 * @param lengths - How many leaves each list has, at least one. @returns 32 bytes for each list.
 */
export function listTops(leaves: Uint8Array, lengths: readonly number[]): Uint8Array {
  let level = leaves
  let counts = lengths
  while (counts.some((count) => count > 1)) {
    const next = counts.map((count) => (count + 1) >> 1)
    level = counts.every((count) => count % 2 === 0) ? hashLevel(level) : foldUneven(level, counts)
    counts = next
  }
  return level
}

function hashLevel(pairs: Uint8Array): Uint8Array {
  const digests = new Uint8Array(pairs.length / 2)
  runtime.hashPairs(pairs, digests)
  return digests
}

/** A level in which some list has a lone last node, which rises unchanged. */
function foldUneven(level: Uint8Array, counts: readonly number[]): Uint8Array {
  let pairs = 0
  let nodes = 0
  for (const count of counts) {
    pairs += count >> 1
    nodes += (count + 1) >> 1
  }
  const gathered = new Uint8Array(pairs * 64)
  let from = 0
  let to = 0
  for (const count of counts) {
    const length = (count >> 1) * 64
    gathered.set(level.subarray(from, from + length), to)
    from += count * 32
    to += length
  }
  const digests = hashLevel(gathered)
  const next = new Uint8Array(nodes * 32)
  from = 0
  to = 0
  let digestAt = 0
  for (const count of counts) {
    const length = (count >> 1) * 32
    next.set(digests.subarray(digestAt, digestAt + length), to)
    digestAt += length
    to += length
    from += count * 32
    if (count % 2 === 1) {
      next.set(level.subarray(from - 32, from), to)
      to += 32
    }
  }
  return next
}
