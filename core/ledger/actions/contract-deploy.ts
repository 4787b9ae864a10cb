import { contractAccountIdOf, contractIdOf, isContractName, permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { openContractAccount } from '../contracts/contract-host.ts'
import { bookSchedules, publishCode } from '../contracts/publish-code.ts'
import { subscribe } from '../contracts/subscriptions.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Publishes a code and makes a contract of it. By the member that keeps it, which must have the right to publish. */
export const contractDeploy: ActionRule<'contract-deploy'> = {
  requires: (source, { member }) =>
    source.member(member) === undefined ? 'MEMBER_UNKNOWN' : [[byMember(member, permission.register)]],

  execute: (scope, action) => {
    const { member, name, vmVersion, prepaidSteps } = action
    const { state } = scope
    if (!state.member(member)!.roles.includes('publisher')) return refused('MEMBER_ROLE_MISSING')
    if (!isContractName(name)) return refused('CONTRACT_NAME_INVALID')
    const contract = contractIdOf(member, name)
    if (state.get<'contract'>({ kind: 'contract', contract }) !== undefined) return refused('CONTRACT_EXISTS')
    const published = publishCode(scope, contract, member, action)
    if ('result' in published) return published
    const { code, manifest } = published

    const account = contractAccountIdOf(contract, 0)
    scope.create<'contract'>(
      { kind: 'contract', contract },
      {
        member,
        name,
        status: 'active',
        code,
        vmVersion,
        generation: 0,
        account,
        prepaidSteps,
        nextBooking: 0,
        nextCode: undefined,
        dropping: undefined,
      },
      member,
    )
    openContractAccount(scope, contract, member, 0)
    if (!subscribe(scope, contract, account, manifest)) return refused('CONTRACT_CODE_INVALID')
    const problem = bookSchedules(scope, contract, manifest)
    return problem === undefined ? done : refused(problem)
  },
}
