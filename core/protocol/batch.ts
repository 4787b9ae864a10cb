import { bytes32, encode, fixedBytes, type Infer, list, safeU64, struct, u32, version } from '../codec/index.ts'
import { type Hash, listRootOfPacked, taggedHash } from '../crypto/index.ts'
import { type BatchDigest, ledgerId, type TransactionId } from './ids.ts'
import { batchTransactionsMax } from './limits.ts'
import { transaction } from './transaction.ts'

/** The signed header of a batch: a validator streams batches, proposals list their digests. */
export const batchHeader = struct({
  version: version(1),
  ledger: ledgerId,
  epoch: safeU64,
  /** The author's node key. */
  author: bytes32,
  sequence: safeU64,
  expiresMs: safeU64,
  count: u32,
  /** Length of the encoded transactions together. */
  bytes: u32,
  /** Sums of the declared limits. */
  steps: safeU64,
  writtenBytes: safeU64,
  root: bytes32,
})
export type BatchHeader = Infer<typeof batchHeader>

export const batch = struct({
  header: batchHeader,
  signature: fixedBytes(64),
  transactions: list(transaction, batchTransactionsMax),
})
export type Batch = Infer<typeof batch>

export function batchDigestOf(header: BatchHeader): BatchDigest {
  return taggedHash('tallystick/batch', encode(batchHeader, header)) as BatchDigest
}

/** What a block or a batch commits to of one transaction: its id, and its witness beside it. */
export function orderedTransactionLeaf(id: TransactionId, witnessHash: Hash): Hash {
  return taggedHash('tallystick/ordered-transaction', id, witnessHash)
}

/** @param leaves - `orderedTransactionLeaf` of each transaction, packed: 32 bytes each. */
export function batchRootOf(leaves: Uint8Array): Hash {
  return listRootOfPacked('batch', leaves)
}

/** What the batch's author signs. */
export function batchSigningMessage(digest: BatchDigest): Hash {
  return taggedHash('tallystick/sign-batch', digest)
}
