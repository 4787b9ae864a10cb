import type { TransactionId } from '@tallystick/core/protocol'
import type { AdmissionProblem } from '../verifier/index.ts'

/** One encoded transaction, or an encoded list of them. */
export type SubmissionForm = 'one' | 'list'

export type SubmissionProblem = Exclude<AdmissionProblem, 'TX_MALFORMED'> | 'NODE_NOT_READY'

export type SubmittedTransaction =
  | { readonly id: TransactionId; readonly status: 'received' | 'duplicate'; readonly validUntilMs: number }
  | {
      readonly id: TransactionId
      readonly status: 'refused'
      readonly problem: SubmissionProblem
      readonly detail: string
    }

export type SubmissionResult =
  /** In the order of the list; `retryAfterSeconds` is meant for those that found no room. */
  | {
      readonly kind: 'answered'
      readonly transactions: readonly SubmittedTransaction[]
      readonly retryAfterSeconds: number
    }
  | { readonly kind: 'malformed'; readonly detail: string }
  /** Nothing was looked at. */
  | {
      readonly kind: 'refused'
      readonly problem: 'MEMPOOL_FULL' | 'NODE_NOT_READY'
      readonly detail: string
      readonly retryAfterSeconds?: number
    }
