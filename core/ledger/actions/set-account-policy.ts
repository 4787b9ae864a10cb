import { permission } from '../../protocol/index.ts'
import { byAccount } from '../authority.ts'
import { policyProblem } from '../policy-problem.ts'
import { accountProblem } from './movable.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Replaces an account's keys; its id and address stay. By the account itself. */
export const setAccountPolicy: ActionRule<'set-account-policy'> = {
  requires: (source, { account }) =>
    source.account(account) === undefined ? 'ACCOUNT_UNKNOWN' : [[byAccount(account, permission.administer)]],

  execute: (scope, { account, policy }) => {
    const record = scope.state.account(account)
    const problem = accountProblem(record) ?? policyProblem(policy)
    if (problem !== undefined || record === undefined) return refused(problem ?? 'ACCOUNT_UNKNOWN')
    scope.put<'account'>({ kind: 'account', account }, { ...record, policy })
    return done
  },
}
