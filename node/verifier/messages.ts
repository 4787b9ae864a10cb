import type { Parameters } from '@tallystick/core/protocol'
import type { Admission } from './admission.ts'
import type { BatchCheck } from './batch-check.ts'

/** What the pool gives a worker at its start. */
export interface VerifierSetup {
  readonly ledger: Uint8Array
  readonly block: Parameters['block']
}

export type VerifierRequest =
  | { readonly id: number; readonly kind: 'transactions'; readonly encoded: Uint8Array[] }
  | { readonly id: number; readonly kind: 'batch'; readonly encoded: Uint8Array }

export type VerifierReply =
  | { readonly id: number; readonly kind: 'transactions'; readonly admissions: Admission[] }
  | { readonly id: number; readonly kind: 'batch'; readonly check: BatchCheck }
