import type { HoldId, HoldRecord, ResultCode } from '../protocol/index.ts'
import type { ActionScope } from './action-scope.ts'
import { assertHolds } from './assertion.ts'
import { move } from './positions.ts'

/** Whether the hold has ended by time in a block of `timeMs`, swept or not. */
export function isExpired(hold: HoldRecord, timeMs: number): boolean {
  return timeMs >= hold.expiresMs
}

/** Ends a hold: the whole reservation is released on both sides and the record goes. Never fails. */
export function releaseHold(scope: ActionScope, id: HoldId, hold: HoldRecord): void {
  const { debit, credit, asset, amount } = hold
  const problem: ResultCode | undefined = move(scope, { debit, credit, asset, amount, kind: 'released' })
  assertHolds(problem === undefined, () => 'releasing a hold can not overflow')
  const keeper = scope.state.account(debit)!.member
  scope.remove({ kind: 'hold', hold: id }, keeper)
}
