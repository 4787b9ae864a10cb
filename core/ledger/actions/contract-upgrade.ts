import { equalBytes } from '../../codec/index.ts'
import { permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { book } from '../contracts/bookings.ts'
import { replaceListeners } from '../contracts/migration.ts'
import { publishCode } from '../contracts/publish-code.ts'
import { type ActionRule, done, refused } from './rule.ts'

/**
 * Gives a contract another code: at once, or if the code has a migration, when that has made the rows of the next generation.
 * By the member that keeps the contract.
 */
export const contractUpgrade: ActionRule<'contract-upgrade'> = {
  requires: (source, { contract }) => {
    const record = source.contract(contract)
    return record === undefined ? 'CONTRACT_UNKNOWN' : [[byMember(record.member, permission.register)]]
  },

  execute: (scope, action) => {
    const { contract, vmVersion } = action
    const key = { kind: 'contract', contract } as const
    const record = scope.state.get<'contract'>(key)!
    if (!scope.state.member(record.member)!.roles.includes('publisher')) return refused('MEMBER_ROLE_MISSING')
    if (record.status === 'migrating' || record.dropping !== undefined) return refused('CONTRACT_MIGRATING')
    const published = publishCode(scope, contract, record.member, action)
    if ('result' in published) return published
    const { code, manifest } = published
    if (equalBytes(code, record.code)) return done
    if (!manifest.migrates) {
      if (!replaceListeners(scope, contract, record, code)) return refused('CONTRACT_CODE_INVALID')
      scope.put<'contract'>(key, { ...record, code, vmVersion })
      return done
    }
    scope.put<'contract'>(key, { ...record, status: 'migrating', nextCode: code })
    const { timeMs, parameters } = scope.block
    const booked = book(scope, contract, {
      kind: 'migration',
      name: 'migrate',
      input: 'null',
      dueMs: timeMs,
      everyMs: undefined,
      fuel: parameters.contracts.fuelMax,
      hop: 0,
      cause: scope.place.transaction,
    })
    return typeof booked === 'number' ? done : refused(booked)
  },
}
