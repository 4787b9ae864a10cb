import { equalBytes } from '../codec/index.ts'
import { type StateRecord, type TransactionBody, validityWindowMs } from '../protocol/index.ts'
import type { StateStore } from './state/state-store.ts'

/** The ticket that a transaction names, if it may use it in a block of that time. */
export function usableTicket(
  state: StateStore,
  { ticket, authorizers }: TransactionBody,
  timeMs: number,
): StateRecord<'ticket'> | undefined {
  if (ticket === undefined) return undefined
  const isOwn = authorizers.some((by) => by.kind === 'account' && equalBytes(by.account, ticket.account))
  const record = state.get<'ticket'>({ kind: 'ticket', ...ticket })
  return isOwn && record !== undefined && record.expiresMs > timeMs ? record : undefined
}

/** The latest `validUntil` that a block of that time takes: with a usable ticket it may reach to the ticket's expiry. */
export function validUntilMaxMs(ticket: StateRecord<'ticket'> | undefined, timeMs: number): number {
  return Math.max(timeMs + validityWindowMs, ticket?.expiresMs ?? 0)
}
