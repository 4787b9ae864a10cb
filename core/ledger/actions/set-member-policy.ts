import { permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { policyProblem } from '../policy-problem.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Replaces a member's keys. By the member itself. */
export const setMemberPolicy: ActionRule<'set-member-policy'> = {
  requires: (source, { member }) =>
    source.member(member) === undefined ? 'MEMBER_UNKNOWN' : [[byMember(member, permission.administer)]],

  execute: (scope, { member, policy }) => {
    const record = scope.state.member(member)
    if (record === undefined) return refused('MEMBER_UNKNOWN')
    const problem = policyProblem(policy)
    if (problem !== undefined) return refused(problem)
    scope.put<'member'>({ kind: 'member', member }, { ...record, policy })
    return done
  },
}
