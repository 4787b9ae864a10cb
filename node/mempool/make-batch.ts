import { encode } from '@tallystick/core/codec'
import {
  type BatchDigest,
  type BatchHeader,
  batchDigestOf,
  batchHeader,
  batchRootOf,
  batchSigningMessage,
  type LedgerId,
} from '@tallystick/core/protocol'
import type { CheckedTransactions } from '../verifier/index.ts'
import { batchLifeMs } from './limits.ts'
import { encodedLength, type PooledTransaction } from './transaction-pool.ts'

export interface BatchAuthor {
  readonly ledger: LedgerId
  readonly nodeKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

export interface MadeBatch {
  readonly digest: BatchDigest
  readonly header: BatchHeader
  /** The canonical encoding of the batch. */
  readonly encoded: Uint8Array
  /** What was found of its transactions; the offsets count in `encoded`. */
  readonly transactions: CheckedTransactions
}

const signatureBytes = 64
const countBytes = 4

/** Puts transactions into a signed batch. Their encodings are joined as they are, and nothing of them is hashed again. */
export function makeBatch(
  author: BatchAuthor,
  epoch: number,
  sequence: number,
  nowMs: number,
  taken: readonly PooledTransaction[],
): MadeBatch {
  const joined = join(taken)
  const { bytes, steps, writtenBytes } = sumsOf(taken)
  const header: BatchHeader = {
    version: 1,
    ledger: author.ledger,
    epoch,
    author: author.nodeKey,
    sequence,
    expiresMs: nowMs + batchLifeMs,
    count: taken.length,
    bytes,
    steps,
    writtenBytes,
    root: batchRootOf(joined.leaves),
  }
  const digest = batchDigestOf(header)
  const encodedHeader = encode(batchHeader, header)
  const encoded = new Uint8Array(encodedHeader.length + signatureBytes + countBytes + bytes)
  encoded.set(encodedHeader)
  encoded.set(author.sign(batchSigningMessage(digest)), encodedHeader.length)
  let at = encodedHeader.length + signatureBytes
  new DataView(encoded.buffer).setUint32(at, taken.length, true)
  at += countBytes
  const offsets = new Uint32Array(taken.length + 1)
  for (const [i, { bytes: source, checked, index }] of taken.entries()) {
    offsets[i] = at
    encoded.set(source.subarray(checked.offsets[index], checked.offsets[index + 1]), at)
    at += checked.offsets[index + 1]! - checked.offsets[index]!
  }
  offsets[taken.length] = at
  return { digest, header, encoded, transactions: { ...joined, offsets } }
}

function sumsOf(taken: readonly PooledTransaction[]) {
  const sums = { bytes: 0, steps: 0, writtenBytes: 0 }
  for (const transaction of taken) {
    const { checked, index } = transaction
    sums.bytes += encodedLength(transaction)
    sums.steps += checked.steps[index]!
    sums.writtenBytes += checked.writtenBytes[index]!
  }
  return sums
}

function join(taken: readonly PooledTransaction[]): Omit<CheckedTransactions, 'offsets'> {
  const count = taken.length
  const joined = {
    count,
    ids: new Uint8Array(32 * count),
    leaves: new Uint8Array(32 * count),
    validUntilMs: new Float64Array(count),
    steps: new Float64Array(count),
    writtenBytes: new Float64Array(count),
    refusals: [],
  }
  for (const [i, { checked, index }] of taken.entries()) {
    joined.ids.set(checked.ids.subarray(32 * index, 32 * index + 32), 32 * i)
    joined.leaves.set(checked.leaves.subarray(32 * index, 32 * index + 32), 32 * i)
    joined.validUntilMs[i] = checked.validUntilMs[index]!
    joined.steps[i] = checked.steps[index]!
    joined.writtenBytes[i] = checked.writtenBytes[index]!
  }
  return joined
}
