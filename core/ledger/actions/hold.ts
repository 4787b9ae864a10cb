import { holdIdOf, holdLifeMaxMs, permission } from '../../protocol/index.ts'
import { byAccount } from '../authority.ts'
import { move } from '../positions.ts'
import { once } from '../references.ts'
import { movementProblem } from './movable.ts'
import { type ActionRule, refused } from './rule.ts'

/** Reserves an amount on both accounts until it is posted, voided or expires. By the debited account. */
export const hold: ActionRule<'hold'> = {
  requires: (source, { debit }) =>
    source.account(debit) === undefined ? 'ACCOUNT_UNKNOWN' : [[byAccount(debit, permission.spend)]],

  execute: (scope, action) => {
    const { debit, credit, asset, amount, expiresMs, controller, reference, commitment } = action
    const { state, block, place } = scope
    const owner = state.account(debit)?.member
    if (owner === undefined) return refused('ACCOUNT_UNKNOWN')
    const content = { action: 'hold', asset, amount, debit, credit, commitment } as const
    return once(scope, reference, owner, content, () => {
      if (expiresMs <= block.timeMs || expiresMs > block.timeMs + holdLifeMaxMs) return 'HOLD_EXPIRY_INVALID'
      const authority = state.account(controller)
      if (authority === undefined) return 'ACCOUNT_UNKNOWN'
      if (authority.status === 'closed') return 'ACCOUNT_CLOSED'
      const problem =
        movementProblem(state, action, state.asset(asset)) ??
        move(scope, { debit, credit, asset, amount, kind: 'pending' })
      if (problem !== undefined) return problem
      const { transaction, action: index } = place
      const record = { debit, credit, asset, amount, expiresMs, controller, transaction, action: index }
      scope.create<'hold'>({ kind: 'hold', hold: holdIdOf(transaction, index) }, record, owner)
      return 'OK'
    })
  },
}
