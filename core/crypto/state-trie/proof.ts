import type { Hash } from '../hash.ts'
import { emptyDigest, innerDigest, isEmptyDigest, isLeafDigest, leafDigest, pathBit } from './node-hash.ts'

/** A path has 256 bits, so no entry lies deeper. */
export const trieDepthMax = 256

export interface TrieEntry {
  path: Hash
  digest: Hash
}

/** What proves that a trie holds an entry, or that it holds none at a path. */
export interface TrieProof {
  /** The subtree beside the path's at each depth, the root's children first; 32 zero bytes for an empty one. */
  siblings: Hash[]
  /** Of an absence: the entry that stands where the path would be; `undefined` where nothing stands. */
  other: TrieEntry | undefined
}

/**
 * The root that a proof leads to, or `undefined` if no trie can give this proof. The caller compares the root.
 * @param digest - The entry's value digest, or `undefined` if the proof is to show that the path has no entry.
 */
export function trieRootFromProof(path: Hash, digest: Hash | undefined, proof: TrieProof): Hash | undefined {
  const depth = proof.siblings.length
  if (depth > trieDepthMax || path.length !== 32) return undefined
  let node = endOfPath(path, digest, proof)
  if (node === undefined) return undefined
  for (let i = depth - 1; i >= 0; i--) {
    const sibling = proof.siblings[i]!
    if (sibling.length !== 32) return undefined
    node = pathBit(path, i) === 0 ? innerDigest(node, sibling) : innerDigest(sibling, node)
  }
  return node
}

function endOfPath(path: Hash, digest: Hash | undefined, { siblings, other }: TrieProof): Hash | undefined {
  const last = siblings.at(-1)
  if (digest !== undefined) {
    if (other !== undefined || digest.length !== 32) return undefined
    return beside(last) ? leafDigest(path, digest) : undefined
  }
  if (other !== undefined) {
    if (other.path.length !== 32 || other.digest.length !== 32) return undefined
    const shared = sharedBits(path, other.path)
    if (shared === trieDepthMax || shared < siblings.length) return undefined
    return beside(last) ? leafDigest(other.path, other.digest) : undefined
  }
  // A leaf beside an empty slot would have risen, and so would nothing beside nothing.
  if (last !== undefined && (isEmptyDigest(last) || isLeafDigest(last))) return undefined
  return emptyDigest.slice()
}

/** A leaf stays at its depth only if something lies beside it. */
function beside(last: Hash | undefined): boolean {
  return last === undefined || !isEmptyDigest(last)
}

function sharedBits(a: Hash, b: Hash): number {
  let shared = 0
  while (shared < trieDepthMax && pathBit(a, shared) === pathBit(b, shared)) shared++
  return shared
}
