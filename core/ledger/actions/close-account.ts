import { permission } from '../../protocol/index.ts'
import { byAccount, byMember } from '../authority.ts'
import { accountProblem } from './movable.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Closes an account that holds nothing, for ever. By the account itself, or by its member. */
export const closeAccount: ActionRule<'close-account'> = {
  requires: (source, action) => {
    const account = source.account(action.account)
    if (account === undefined) return 'ACCOUNT_UNKNOWN'
    return [[byAccount(action.account, permission.administer), byMember(account.member, permission.register)]]
  },

  execute: (scope, { account }) => {
    const record = scope.state.account(account)
    const problem = accountProblem(record)
    if (problem !== undefined || record === undefined) return refused(problem ?? 'ACCOUNT_UNKNOWN')
    if (record.openPositions > 0) return refused('ACCOUNT_NOT_EMPTY')
    scope.put<'account'>({ kind: 'account', account }, { ...record, status: 'closed' })
    return done
  },
}
