import { digestWords, entryWords } from './entry-arena.ts'
import { leafFlag, PairBatch } from './node-hash.ts'
import { copyDigest } from './slot-hasher.ts'

const batchPairs = 4096
let batch: PairBatch | undefined
const batchParents = new Int32Array(batchPairs)

function isEmpty(level: Int32Array, word: number): boolean {
  for (let i = 0; i < digestWords; i++) if (level[word + i] !== 0) return false
  return true
}

function isLeaf(level: Int32Array, word: number): boolean {
  return (level[word]! & leafFlag) !== 0
}

/**
 * Computes `parents[0..count)` of a level from the level below: a subtree of one entry is that leaf, so a leaf beside
 * an empty side rises; every other pair is hashed, an empty side as zeros.
 */
export function hashLevel(children: Int32Array, parents: Int32Array, count: number, level: Int32Array): void {
  batch ??= new PairBatch(batchPairs)
  let pending = 0
  for (let i = 0; i < count; i++) {
    const parent = parents[i]!
    const left = parent * entryWords
    const right = left + digestWords
    const lone = loneChild(children, left, right)
    if (lone >= 0) {
      copyDigest(children, lone, level, parent * digestWords)
      continue
    }
    for (let w = 0; w < entryWords; w++) batch.pairs[pending * entryWords + w] = children[left + w]!
    batchParents[pending++] = parent
    if (pending === batchPairs) {
      finishBatch(batch, pending, level)
      pending = 0
    }
  }
  if (pending > 0) finishBatch(batch, pending, level)
}

/** The word of the child that stands for both: a leaf beside nothing, or nothing at all; −1 where they are hashed. */
function loneChild(children: Int32Array, left: number, right: number): number {
  if (isEmpty(children, right) && (isLeaf(children, left) || isEmpty(children, left))) return left
  return isLeaf(children, right) && isEmpty(children, left) ? right : -1
}

function finishBatch(pairs: PairBatch, count: number, level: Int32Array): void {
  pairs.hash(count)
  for (let i = 0; i < count; i++) {
    const word = batchParents[i]! * digestWords
    copyDigest(pairs.digests, i * digestWords, level, word)
    level[word] = level[word]! & ~leafFlag
  }
}
