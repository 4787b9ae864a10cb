import { CodecError, equalBytes, fixedBytes, Reader } from '@tallystick/core/codec'
import { verifyEd25519 } from '@tallystick/core/crypto'
import {
  type BatchDigest,
  type BatchHeader,
  batchBytesMax,
  batchDigestOf,
  batchHeader,
  batchRootOf,
  batchSigningMessage,
  type ListedTransaction,
  readTransactionList,
} from '@tallystick/core/protocol'
import type { AdmissionRules } from './admission.ts'
import { checkTransactions } from './check-transactions.ts'
import type { CheckedTransactions } from './checked-transactions.ts'

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
  | { readonly digest: BatchDigest; readonly header: BatchHeader; readonly transactions: CheckedTransactions }
  | { readonly problem: BatchProblem; readonly detail: string; readonly authentic: BatchDigest | undefined }

const headerRoom = 1_024
const signatureCodec = fixedBytes(64)

interface ReadBatch {
  readonly header: BatchHeader
  readonly signature: Uint8Array
  readonly items: readonly ListedTransaction[]
}

/** Reads the encoding of the codec `batch`, without making values of plain transactions. */
function readBatch(encoded: Uint8Array): ReadBatch | string {
  try {
    const reader = new Reader(encoded)
    const header = batchHeader.read(reader)
    const signature = signatureCodec.read(reader)
    const { items, end } = readTransactionList(encoded, reader.offset)
    return end === encoded.length ? { header, signature, items } : `${encoded.length - end} bytes after the batch`
  } catch (error) {
    if (error instanceof CodecError) return error.message
    throw error
  }
}

/** Checks an encoded batch: its author's signature, its sums and root, and every transaction in it. */
export function checkBatch(rules: AdmissionRules, encoded: Uint8Array): BatchCheck {
  const refuse = (problem: BatchProblem, detail: string, authentic?: BatchDigest): BatchCheck => ({
    problem,
    detail,
    authentic,
  })
  if (encoded.length > batchBytesMax + headerRoom) return refuse('BATCH_TOO_LARGE', `${encoded.length} bytes`)
  const read = readBatch(encoded)
  if (typeof read === 'string') return refuse('BATCH_MALFORMED', read)
  const { header, signature, items } = read
  const digest = batchDigestOf(header)
  if (!equalBytes(header.ledger, rules.ledger)) return refuse('BATCH_OF_OTHER_LEDGER', 'another ledger')
  if (!verifyEd25519(signature, batchSigningMessage(digest), header.author)) {
    return refuse('BATCH_BAD_SIGNATURE', "the author's signature is wrong")
  }

  const transactions = checkTransactions(rules, encoded, items, { stopAtRefusal: true })
  // Whoever relayed it may have swapped the transactions: the author signed only the header, and that commits to the root.
  const isOwn = equalBytes(header.root, batchRootOf(transactions.leaves))
  const [refusal] = transactions.refusals
  if (refusal !== undefined) {
    const detail = `transaction ${refusal.index}: ${refusal.detail}`
    return refuse('BATCH_BAD_TRANSACTION', detail, isOwn ? digest : undefined)
  }
  if (!isOwn) return refuse('BATCH_SUMS_WRONG', 'the transactions are not those of the header')
  const { count, offsets, steps, writtenBytes } = transactions
  const fits =
    header.count === count &&
    header.bytes === offsets[count]! - offsets[0]! &&
    header.steps === sum(steps) &&
    header.writtenBytes === sum(writtenBytes)
  if (!fits) return refuse('BATCH_SUMS_WRONG', 'the sums of the header are wrong', digest)
  return { digest, header, transactions }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
