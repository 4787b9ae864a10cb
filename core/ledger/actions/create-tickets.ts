import { permission, ticketLifeMaxMs, ticketsPerActionMax } from '../../protocol/index.ts'
import { byAccount } from '../authority.ts'
import { accountProblem } from './movable.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Makes the account's next ticket numbers usable until an expiry. By the account itself. */
export const createTickets: ActionRule<'create-tickets'> = {
  requires: (source, { account }) =>
    source.account(account) === undefined ? 'ACCOUNT_UNKNOWN' : [[byAccount(account, permission.administer)]],

  execute: (scope, { account, count, expiresMs }) => {
    const record = scope.state.account(account)
    const problem = accountProblem(record)
    if (problem !== undefined || record === undefined) return refused(problem ?? 'ACCOUNT_UNKNOWN')
    const { timeMs } = scope.block
    const isExpiryValid = expiresMs > timeMs && expiresMs <= timeMs + ticketLifeMaxMs
    if (!isExpiryValid || count === 0 || count > ticketsPerActionMax) return refused('TICKET_EXPIRY_INVALID')
    for (let i = 0; i < count; i++) {
      const number = record.nextTicket + i
      scope.create<'ticket'>({ kind: 'ticket', account, number }, { expiresMs }, record.member)
    }
    scope.put<'account'>({ kind: 'account', account }, { ...record, nextTicket: record.nextTicket + count })
    return done
  },
}
