import { type Parameters, recentIdsRetentionMs } from '../protocol/index.ts'
import type { NestingKey } from './state/state-store.ts'

export const minuteMs = 60_000
export const dayMs = 86_400_000

/** The minute of recent ids that a transaction belongs to: that of its `validUntil`. */
export function recentIdsKey(validUntilMs: number): Extract<NestingKey, { kind: 'recent-ids' }> {
  return { kind: 'recent-ids', minute: Math.floor(validUntilMs / minuteMs) }
}

/** Whether references of the business day are kept, and so accepted, in a block of that time (days by UTC). */
export function isBusinessDayOpen(businessDay: number, timeMs: number, parameters: Parameters): boolean {
  const today = Math.floor(timeMs / dayMs)
  const { referenceDaysBack, referenceDaysAhead } = parameters.ledger
  return businessDay >= today - referenceDaysBack && businessDay <= today + referenceDaysAhead
}

/** From this block time on, nothing can ask for the nested trie any more. */
export function windowEndMs(key: NestingKey, parameters: Parameters): number {
  if (key.kind === 'recent-ids') return (key.minute + 1) * minuteMs + recentIdsRetentionMs
  return (key.businessDay + parameters.ledger.referenceDaysBack + 1) * dayMs
}
