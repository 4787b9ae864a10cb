import { permission } from '../../protocol/index.ts'
import { byMember, bySupervisor } from '../authority.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Pauses a contract, or lets it go on: while it is paused it is not called, and its bookings wait. By its member, or a supervisor. */
export const setContractStatus: ActionRule<'set-contract-status'> = {
  requires: (source, { contract }) => {
    const record = source.contract(contract)
    return record === undefined ? 'CONTRACT_UNKNOWN' : [[byMember(record.member, permission.supervise), bySupervisor]]
  },

  execute: (scope, { contract, status }) => {
    const key = { kind: 'contract', contract } as const
    const record = scope.state.get<'contract'>(key)!
    if (record.status === 'migrating') return refused('CONTRACT_MIGRATING')
    scope.put<'contract'>(key, { ...record, status })
    return done
  },
}
