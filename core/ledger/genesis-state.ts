import { type Genesis, genesisHashOf, memberIdOf } from '../protocol/index.ts'
import { policyProblem } from './policy-problem.ts'
import type { StateStore } from './state/state-store.ts'

/** The genesis has the right form, but the ledger can't begin with what it says. */
export class GenesisError extends Error {
  override readonly name = 'GenesisError'
  readonly code: 'GENESIS_POLICY_NOT_SUPPORTED' | 'GENESIS_KEY_NOT_ACCEPTABLE'
  /** Identifier of the member concerned. */
  readonly member: string

  constructor(code: GenesisError['code'], member: string) {
    super(`the policy of member "${member}" can not be used: ${code}`)
    this.code = code
    this.member = member
  }
}

/** Writes the records that the ledger begins with: the members. @throws {GenesisError} */
export function writeGenesisState(state: StateStore, genesis: Genesis): void {
  const salt = genesisHashOf(genesis)
  for (const { identifier, name, roles, policy, quota } of genesis.members) {
    const problem = policyProblem(policy)
    if (problem !== undefined) {
      const isKey = problem === 'KEY_NOT_ACCEPTABLE'
      throw new GenesisError(isKey ? 'GENESIS_KEY_NOT_ACCEPTABLE' : 'GENESIS_POLICY_NOT_SUPPORTED', identifier)
    }
    const record = { identifier, name, roles, policy, quota, deposit: 0n, records: 0 }
    state.put<'member'>({ kind: 'member', member: memberIdOf(identifier) }, record, salt)
  }
}
