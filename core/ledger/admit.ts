import { equalBytes } from '../codec/index.ts'
import type { LedgerId, StateRecord, Validator } from '../protocol/index.ts'
import { type Grants, judgeWitness } from './authorize.ts'
import type { OrderedTransaction, SkipReason } from './block-result.ts'
import type { StateStore } from './state/state-store.ts'
import { usableTicket, validUntilMaxMs } from './tickets.ts'
import { recentIdsKey } from './windows.ts'

export interface AdmissionScope {
  readonly state: StateStore
  readonly ledger: LedgerId
  readonly validators: readonly Validator[]
  readonly timeMs: number
}

export interface Admission {
  readonly grants: Grants
  readonly ticket: StateRecord<'ticket'> | undefined
}

/**
 * Decides whether a copy counts. What it refuses is skipped: nobody accountable asked for it (or it is over, or not yet
 * time), so it must cost nobody's quota, ticket or id. From here on every failure is a receipt.
 */
export function admit(scope: AdmissionScope, { id, transaction }: OrderedTransaction): Admission | SkipReason {
  const { state, ledger, validators, timeMs } = scope
  const { body, witness } = transaction
  if (!equalBytes(body.ledger, ledger)) return 'WRONG_LEDGER'
  if (body.validUntilMs <= timeMs) return 'EXPIRED'
  const used = state.getNested<'recent-id'>(recentIdsKey(body.validUntilMs), { kind: 'recent-id', transaction: id })
  if (used !== undefined) return 'DUPLICATE'
  const ticket = usableTicket(state, body, timeMs)
  if (body.validUntilMs > validUntilMaxMs(ticket, timeMs)) return 'VALID_TOO_LONG'
  const grants = judgeWitness(body, witness, state, validators)
  return typeof grants === 'string' ? grants : { grants, ticket }
}
