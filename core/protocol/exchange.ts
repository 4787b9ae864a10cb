import { type Infer, list, struct, variant } from '../codec/index.ts'
import { receiptProof } from './proof.ts'
import { transaction } from './transaction.ts'

/** Transactions of one submission, and proofs of one answer, that the binary forms can carry at all. */
export const submissionTransactionsMax = 8_192
export const answerProofsMax = 1_024

/** What clients and nodes exchange in binary form: the body of `POST /v1/transactions/batch`. */
export const submission = list(transaction, submissionTransactionsMax)

/** One outcome per request. `left-out`: the answer would have grown too large, so ask for it again. */
const proofOutcome = variant({
  proven: [1, struct({ proof: receiptProof })],
  pending: [2, struct({})],
  unknown: [3, struct({})],
  'left-out': [4, struct({})],
})
export type ProofOutcome = Infer<typeof proofOutcome>

/** The binary answer of `POST /v1/receipts/proofs`. */
export const proofOutcomes = list(proofOutcome, answerProofsMax)
