import { permission } from '../../protocol/index.ts'
import { byAccount } from '../authority.ts'
import { isExpired, releaseHold } from '../holds.ts'
import { move } from '../positions.ts'
import { movementProblem } from './movable.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Pays a held amount, or a part of it; what is not paid is free again. By the hold's controller. */
export const post: ActionRule<'post'> = {
  requires: (source, action) => {
    const hold = source.hold(action.hold)
    return hold === undefined ? 'HOLD_UNKNOWN' : [[byAccount(hold.controller, permission.spend)]]
  },

  execute: (scope, { hold: id, amount }) => {
    const { state, block } = scope
    const hold = state.hold(id)
    if (hold === undefined) return refused('HOLD_UNKNOWN')
    if (isExpired(hold, block.timeMs)) return refused('HOLD_EXPIRED')
    if (amount > hold.amount) return refused('HOLD_AMOUNT_EXCEEDED')
    const problem = movementProblem(state, hold, state.asset(hold.asset))
    if (problem !== undefined) return refused(problem)
    releaseHold(scope, id, hold)
    const { debit, credit, asset } = hold
    const failure = move(scope, { debit, credit, asset, amount, kind: 'posted' })
    return failure === undefined ? done : refused(failure)
  },
}
