import { runtime } from '#crypto-runtime'
import type { Hash } from '../hash.ts'
import { digestWords, entryWords } from './entry-arena.ts'

/** Stands for a subtree without entries; also the root of an empty trie. */
export const emptyDigest: Hash = new Uint8Array(32)

/** Bit 0 of a digest (the lowest of its first byte) in the first of its words: 1 in a leaf's, 0 in an inner node's. */
export const leafFlag: number = new Int32Array(Uint8Array.of(1, 0, 0, 0).buffer)[0]!

export function isEmptyDigest(digest: Hash): boolean {
  for (let i = 0; i < 32; i++) if (digest[i] !== 0) return false
  return true
}

export function isLeafDigest(digest: Hash): boolean {
  return (digest[0]! & 1) === 1
}

const pair = new Uint8Array(64)

function hashJoined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  pair.set(first, 0)
  pair.set(second, 32)
  const digest = new Uint8Array(32)
  runtime.hashPairs(pair, digest)
  return digest
}

/** `SHA-256(path ‖ digest)` with bit 0 set. */
export function leafDigest(path: Hash, digest: Hash): Hash {
  const leaf = hashJoined(path, digest)
  leaf[0]! |= 1
  return leaf
}

/** `SHA-256(left ‖ right)` with bit 0 cleared. */
export function innerDigest(left: Hash, right: Hash): Hash {
  const inner = hashJoined(left, right)
  inner[0]! &= 0xfe
  return inner
}

/** Bit `index` of a path, the most significant of byte 0 first. */
export function pathBit(path: Hash, index: number): number {
  return (path[index >> 3]! >> (7 - (index & 7))) & 1
}

/** Buffers for hashing many pairs at once: filled and read by words, hashed as bytes. */
export class PairBatch {
  readonly pairs: Int32Array
  readonly digests: Int32Array
  readonly #pairBytes: Uint8Array
  readonly #digestBytes: Uint8Array

  constructor(pairsMax: number) {
    this.pairs = new Int32Array(pairsMax * entryWords)
    this.digests = new Int32Array(pairsMax * digestWords)
    this.#pairBytes = new Uint8Array(this.pairs.buffer)
    this.#digestBytes = new Uint8Array(this.digests.buffer)
  }

  get pairsMax(): number {
    return this.pairs.length / entryWords
  }

  hash(count: number): void {
    runtime.hashPairs(this.#pairBytes.subarray(0, count * 64), this.#digestBytes.subarray(0, count * 32))
  }
}
