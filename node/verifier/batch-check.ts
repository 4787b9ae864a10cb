import { CodecError, decode, encode, equalBytes } from '@tallystick/core/codec'
import { verifyEd25519 } from '@tallystick/core/crypto'
import {
  type Batch,
  type BatchDigest,
  type BatchHeader,
  batch,
  batchBytesMax,
  batchDigestOf,
  batchRootOf,
  batchSigningMessage,
  orderedTransactionLeaf,
  type Transaction,
  transaction,
  transactionIdOf,
  witnessHashOf,
} from '@tallystick/core/protocol'
import { type AdmissionRules, type AdmittedTransaction, admitTransaction } from './admission.ts'

export type BatchProblem =
  | 'BATCH_TOO_LARGE'
  | 'BATCH_MALFORMED'
  | 'BATCH_OF_OTHER_LEDGER'
  | 'BATCH_BAD_SIGNATURE'
  | 'BATCH_SUMS_WRONG'
  | 'BATCH_BAD_TRANSACTION'

/**
 * The verdict on a batch. `authentic` is its digest where its author signed it: only then does a problem speak against the
 * author, and the batch is bad for ever; otherwise it speaks against the peer that sent it.
 */
export type BatchCheck =
  | { readonly digest: BatchDigest; readonly header: BatchHeader; readonly transactions: AdmittedTransaction[] }
  | { readonly problem: BatchProblem; readonly detail: string; readonly authentic: BatchDigest | undefined }

const headerRoom = 1_024

function decodeBatch(encoded: Uint8Array): Batch | string {
  try {
    return decode(batch, encoded)
  } catch (error) {
    if (error instanceof CodecError) return error.message
    throw error
  }
}

function leafOf({ body, witness }: Transaction): Uint8Array {
  return orderedTransactionLeaf(transactionIdOf(body), witnessHashOf(witness))
}

/** Checks an encoded batch: its author's signature, its sums and root, and every transaction in it. */
export function checkBatch(rules: AdmissionRules, encoded: Uint8Array): BatchCheck {
  const refuse = (problem: BatchProblem, detail: string, authentic?: BatchDigest): BatchCheck => ({
    problem,
    detail,
    authentic,
  })
  if (encoded.length > batchBytesMax + headerRoom) return refuse('BATCH_TOO_LARGE', `${encoded.length} bytes`)
  const decoded = decodeBatch(encoded)
  if (typeof decoded === 'string') return refuse('BATCH_MALFORMED', decoded)
  const { header, signature, transactions } = decoded
  const digest = batchDigestOf(header)
  if (!equalBytes(header.ledger, rules.ledger)) return refuse('BATCH_OF_OTHER_LEDGER', 'another ledger')
  if (!verifyEd25519(signature, batchSigningMessage(digest), header.author)) {
    return refuse('BATCH_BAD_SIGNATURE', "the author's signature is wrong")
  }

  const admitted: AdmittedTransaction[] = []
  for (const [i, value] of transactions.entries()) {
    const admission = admitTransaction(rules, encode(transaction, value))
    if ('problem' in admission) {
      // The author signed the header alone: only if these are the transactions of its root does the fault speak against it.
      const isOwn = equalBytes(header.root, batchRootOf(transactions.map(leafOf)))
      return refuse('BATCH_BAD_TRANSACTION', `transaction ${i}: ${admission.detail}`, isOwn ? digest : undefined)
    }
    admitted.push(admission)
  }
  const root = batchRootOf(admitted.map(({ id, witnessHash }) => orderedTransactionLeaf(id, witnessHash)))
  if (!equalBytes(root, header.root)) {
    // Whoever relayed it may have swapped the transactions: the author signed only the header.
    return refuse('BATCH_SUMS_WRONG', 'the transactions are not those of the header')
  }
  const sum = (of: (value: AdmittedTransaction) => number): number =>
    admitted.reduce((total, value) => total + of(value), 0)
  const fits =
    header.count === admitted.length &&
    header.bytes === sum((value) => value.bytes) &&
    header.steps === sum((value) => value.steps) &&
    header.writtenBytes === sum((value) => value.writtenBytes)
  if (!fits) return refuse('BATCH_SUMS_WRONG', 'the sums of the header are wrong', digest)
  return { digest, header, transactions: admitted }
}
