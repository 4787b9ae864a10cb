import { permission } from '../../protocol/index.ts'
import { byMember, bySupervisor } from '../authority.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Freezes an account, releases it, or closes it if it holds nothing. By the account's member, or by a supervisor. */
export const setAccountStatus: ActionRule<'set-account-status'> = {
  requires: (source, action) => {
    const account = source.account(action.account)
    if (account === undefined) return 'ACCOUNT_UNKNOWN'
    return [[byMember(account.member, permission.supervise), bySupervisor]]
  },

  execute: (scope, { account, status }) => {
    const record = scope.state.account(account)
    if (record === undefined) return refused('ACCOUNT_UNKNOWN')
    if (record.status === 'closed') return refused('ACCOUNT_CLOSED')
    if (status === 'closed' && record.openPositions > 0) return refused('ACCOUNT_NOT_EMPTY')
    scope.put<'account'>({ kind: 'account', account }, { ...record, status })
    return done
  },
}
