import type { Parameters } from '@tallystick/core/protocol'
import type { AdmissionGate } from './admission.ts'
import type { BatchCheck } from './batch-check.ts'
import type { ListCheck } from './check-submission.ts'
import type { CheckedTransactions } from './checked-transactions.ts'

/** What the pool gives a worker at its start. */
export interface VerifierSetup {
  readonly ledger: Uint8Array
  readonly block: Parameters['block']
}

/** The bytes of a request move to the thread, and the arrays of an answer move back. */
export type VerifierRequest =
  | { readonly kind: 'list'; readonly encoded: Uint8Array<ArrayBuffer>; readonly gate: AdmissionGate }
  | {
      readonly kind: 'singles'
      readonly encoded: Uint8Array<ArrayBuffer>
      readonly ends: Uint32Array<ArrayBuffer>
      readonly gate: AdmissionGate
    }
  | { readonly kind: 'batch'; readonly encoded: Uint8Array<ArrayBuffer> }

/** One answer to each request, in their order. */
export type VerifierReply =
  | { readonly kind: 'list'; readonly check: ListCheck }
  | { readonly kind: 'singles'; readonly check: CheckedTransactions }
  | { readonly kind: 'batch'; readonly check: BatchCheck }
