import { toHex } from '../../codec/index.ts'
import { type Caller, type Fund, parseJson, permission } from '../../protocol/index.ts'
import { type Authority, byAccount, byMember } from '../authority.ts'
import { ContractCall, failed, type ShownCaller } from '../contracts/contract-call.ts'
import { outcomeOf } from '../contracts/outcome.ts'
import { type ActionRule, refused } from './rule.ts'

/** Calls an action of a contract. By everybody in whose name it is called, and by the accounts whose funds it may take. */
export const contractCall: ActionRule<'contract-call'> = {
  requires: (source, { callers, funds }) => {
    for (const { account } of funds) if (source.account(account) === undefined) return 'ACCOUNT_UNKNOWN'
    for (const caller of callers) {
      if (caller.kind === 'account' && source.account(caller.account) === undefined) return 'ACCOUNT_UNKNOWN'
      if (caller.kind === 'member' && source.member(caller.member) === undefined) return 'MEMBER_UNKNOWN'
    }
    const spenders = funds.map(({ account }) => byAccount(account, permission.spend))
    return [...callers.map(authorityOf), ...spenders].map((authority) => [authority])
  },

  execute: (scope, { contract, name, input, callers, funds, fuel, writtenBytes }) => {
    const { contracts } = scope.block.parameters
    if (fuel > contracts.fuelMax || writtenBytes > contracts.writtenBytesMax) return refused('CONTRACT_LIMIT_TOO_HIGH')
    const value = parseJson(input)
    if (value === undefined) {
      return outcomeOf(scope, contract, failed('CONTRACT_INPUT_INVALID', 'not JSON of at most 64 levels'))
    }
    if (hasDouble(funds)) {
      return outcomeOf(scope, contract, failed('CONTRACT_INPUT_INVALID', 'funds list an account and asset twice'))
    }
    const call = new ContractCall(scope.block, scope, writtenBytes)
    const request = { contract, kind: 'action', name, input: value, callers: callers.map(shown), funds } as const
    const end = call.run(request, BigInt(fuel))
    call.noteIn(scope)
    return outcomeOf(scope, contract, end)
  },
}

function authorityOf(caller: Caller): Authority {
  return caller.kind === 'account'
    ? byAccount(caller.account, permission.call)
    : byMember(caller.member, permission.call)
}

function shown(caller: Caller): ShownCaller {
  return { kind: caller.kind, id: toHex(caller.kind === 'account' ? caller.account : caller.member) }
}

function hasDouble(funds: readonly Fund[]): boolean {
  const named = funds.map(({ account, asset }) => toHex(account) + toHex(asset))
  return new Set(named).size < named.length
}
