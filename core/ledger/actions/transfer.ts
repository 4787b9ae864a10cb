import { permission } from '../../protocol/index.ts'
import { byAccount } from '../authority.ts'
import { move } from '../positions.ts'
import { once } from '../references.ts'
import { movementProblem } from './movable.ts'
import { type ActionRule, refused } from './rule.ts'

/** Moves an amount between two accounts. By the debited account. */
export const transfer: ActionRule<'transfer'> = {
  requires: (source, { debit }) =>
    source.account(debit) === undefined ? 'ACCOUNT_UNKNOWN' : [[byAccount(debit, permission.spend)]],

  execute: (scope, action) => {
    const { debit, credit, asset, amount, reference, commitment } = action
    const owner = scope.state.account(debit)?.member
    if (owner === undefined) return refused('ACCOUNT_UNKNOWN')
    const content = { action: 'transfer', asset, amount, debit, credit, commitment } as const
    return once(scope, reference, owner, content, () => {
      const problem = movementProblem(scope.state, action, scope.state.asset(asset))
      return problem ?? move(scope, { debit, credit, asset, amount, kind: 'posted' }) ?? 'OK'
    })
  },
}
