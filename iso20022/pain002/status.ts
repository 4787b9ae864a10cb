import type { Pain002Version } from '../table/schema.ts'
import type { PaymentStatus } from './model.ts'

/** How many payments have which status. */
export type StatusCounts = Readonly<Record<PaymentStatus, number>>

/**
 * The code of a payment's status in a version of the report. pain.002.001.10 takes its codes from the external code
 * set, which has ACCC (settlement on the creditor's account completed). pain.002.001.03 has a closed list of its own
 * without it: there a settled payment is ACSC, settlement completed, the furthest that the list goes.
 */
export function statusCode(status: PaymentStatus, version: Pain002Version): string {
  return status === 'ACCC' && version === 'pain.002.001.03' ? 'ACSC' : status
}

/**
 * The status of a group: that of its payments where all have the same, PART (partially accepted) where they differ.
 * Nothing for a group without payments.
 */
export function groupStatus(counts: StatusCounts, version: Pain002Version): string | undefined {
  const present = (['ACCC', 'RJCT', 'PDNG'] as const).filter((status) => counts[status] > 0)
  const [only, ...others] = present
  if (only === undefined) return undefined
  return others.length > 0 ? 'PART' : statusCode(only, version)
}
