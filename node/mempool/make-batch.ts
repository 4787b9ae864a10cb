import { encode, fixedBytes, Writer } from '@tallystick/core/codec'
import {
  type BatchDigest,
  type BatchHeader,
  batchDigestOf,
  batchHeader,
  batchRootOf,
  batchSigningMessage,
  type LedgerId,
  orderedTransactionLeaf,
} from '@tallystick/core/protocol'
import { batchLifeMs } from './limits.ts'
import type { PooledTransaction } from './transaction-pool.ts'

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
}

const signatureCodec = fixedBytes(64)

/** Puts transactions into a signed batch. Their encodings are joined as they are, never made again. */
export function makeBatch(
  author: BatchAuthor,
  epoch: number,
  sequence: number,
  nowMs: number,
  transactions: readonly PooledTransaction[],
): MadeBatch {
  const sum = (of: (value: PooledTransaction) => number): number =>
    transactions.reduce((total, value) => total + of(value), 0)
  const header: BatchHeader = {
    version: 1,
    ledger: author.ledger,
    epoch,
    author: author.nodeKey,
    sequence,
    expiresMs: nowMs + batchLifeMs,
    count: transactions.length,
    bytes: sum(({ encoded }) => encoded.length),
    steps: sum(({ admitted }) => admitted.steps),
    writtenBytes: sum(({ admitted }) => admitted.writtenBytes),
    root: batchRootOf(transactions.map(({ admitted }) => orderedTransactionLeaf(admitted.id, admitted.witnessHash))),
  }
  const digest = batchDigestOf(header)
  const writer = new Writer(header.bytes + 512)
  batchHeader.write(writer, header)
  writer.bytes(encode(signatureCodec, author.sign(batchSigningMessage(digest))))
  writer.u32(transactions.length)
  for (const { encoded } of transactions) writer.bytes(encoded)
  return { digest, header, encoded: writer.finish() }
}
