import type { LedgerId, Parameters } from '@tallystick/core/protocol'

/** Why a transaction is refused before it is ordered. */
export type AdmissionProblem =
  | 'TX_TOO_LARGE'
  | 'TX_MALFORMED'
  | 'TX_WRONG_LEDGER'
  | 'TX_SIGNATURE_MISSING'
  | 'TX_SIGNATURE_INVALID'
  | 'TX_LIMITS_TOO_LOW'
  | 'TX_LIMITS_TOO_HIGH'
  | 'TX_EXPIRED'
  | 'TX_VALIDITY_TOO_FAR'
  | 'MEMPOOL_FULL'

/** What is decided from the bytes of a transaction alone, alike on every node. */
export interface AdmissionRules {
  readonly ledger: LedgerId
  readonly block: Parameters['block']
}

/** What only the node that is asked decides: it is checked before any signature, so that a refusal costs little. */
export interface AdmissionGate {
  /** The validity has to end after this, Unix milliseconds. */
  readonly validUntilAfterMs: number
  /** And not after this, unless it uses a ticket. */
  readonly validUntilMaxMs: number
  /** Room for this many declared steps, in the order of the list. */
  readonly stepsRoom: number
}
