import { equalBytes } from '../../codec/index.ts'
import { accountIdOf, permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { policyProblem } from '../policy-problem.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Opens an account under a member. By the member. */
export const openAccount: ActionRule<'open-account'> = {
  requires: (source, { member }) =>
    source.member(member) === undefined ? 'MEMBER_UNKNOWN' : [[byMember(member, permission.register)]],

  execute: (scope, { member, accountKind, parent, policy, salt, commitment }) => {
    if (accountKind === 'contract') return refused('ACTION_NOT_ACTIVE')
    const problem = policyProblem(policy)
    if (problem !== undefined) return refused(problem)
    const account = accountIdOf(member, policy, salt)
    if (scope.state.account(account) !== undefined) return refused('ACCOUNT_EXISTS')
    if (parent !== undefined) {
      const above = scope.state.account(parent)
      if (above === undefined || above.status === 'closed' || !equalBytes(above.member, member)) {
        return refused('ACCOUNT_PARENT_INVALID')
      }
    }
    const opened = { member, accountKind, parent, policy, commitment, status: 'active' } as const
    scope.create<'account'>({ kind: 'account', account }, { ...opened, openPositions: 0, nextTicket: 0 }, member)
    return done
  },
}
