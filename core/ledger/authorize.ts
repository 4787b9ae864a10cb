import { equalBytes } from '../codec/index.ts'
import {
  type Action,
  type AssetId,
  type Authorizer,
  actionsOf,
  assetIdOf,
  type MemberId,
  type MemberRole,
  type Policy,
  type TransactionBody,
  type Validator,
  type Witness,
} from '../protocol/index.ts'
import { requirementsOf } from './actions/rules.ts'
import type { Authority, Requirement, RequirementSource } from './authority.ts'
import type { SkipReason } from './block-result.ts'
import { PolicyTally } from './policy-tally.ts'
import { latin1 } from './state/state-key-text.ts'
import type { StateStore } from './state/state-store.ts'

/** What the signers of a transaction may do: judged once, before it changes anything. */
export interface Grants {
  /** Whether some authorizer of the transaction meets the requirement. */
  meets(requirement: Requirement): boolean
  /** Members that a transaction may name as its payer: those of its authorizers, and those that sign themselves. */
  readonly payers: readonly MemberId[]
}

interface Signer {
  readonly authorizer: Exclude<Authorizer, { kind: 'validator' }>
  readonly member: MemberId
  /** Of a member that signs itself. */
  readonly roles: readonly MemberRole[]
  readonly tally: PolicyTally
  /** Permissions that the transaction's actions ask of this authorizer, as bits. */
  needed: number
}

/**
 * Judges whether the signatures of a copy suffice, all valid already (spec/transactions.md, "Witness"):
 * each authorizer exists; its signers reach the threshold with every permission that the actions ask of it, or with any one
 * permission if they ask none; and no signature could be left out. So all copies that pass can do the same, whatever anyone
 * stripped from or added to them.
 */
export function judgeWitness(
  body: TransactionBody,
  witness: Witness,
  state: StateStore,
  validators: readonly Validator[],
): Grants | SkipReason {
  const [first] = body.authorizers
  if (first === undefined) return 'AUTHORIZER_MISSING'
  const actions = actionsOf(body)
  if (body.authorizers.some(({ kind }) => kind === 'validator')) {
    return judgeValidator(body.authorizers, actions, witness, validators)
  }

  const signers: Signer[] = []
  for (const authorizer of body.authorizers) {
    const signer = signerOf(authorizer, witness, state)
    if (signer === undefined) return 'AUTHORIZER_UNKNOWN'
    signers.push(signer)
  }
  const index = new SignerIndex(signers)
  const source = withCreatedAssets(state, actions)
  for (const action of actions) {
    const requirements = requirementsOf(source, action)
    if (typeof requirements === 'string') continue
    for (const authority of requirements.flat()) {
      for (const signer of index.matching(authority)) signer.needed |= permissionOf(authority)
    }
  }
  if (!signers.every(({ tally, needed }) => tally.satisfies(needed))) return 'SIGNATURES_INSUFFICIENT'
  const isNeeded = (signature: number): boolean =>
    signers.some(({ tally, needed }) => tally.wouldMiss(signature, needed))
  if (!witness.every((_, signature) => isNeeded(signature))) return 'SIGNATURE_SURPLUS'

  return {
    payers: signers.map(({ member }) => member),
    meets: (requirement) =>
      requirement.some((authority) =>
        index.matching(authority).some(({ tally }) => tally.reaches(permissionOf(authority))),
      ),
  }
}

/** A validator's node key authorizes a tick alone. */
function judgeValidator(
  authorizers: readonly Authorizer[],
  actions: readonly Action[],
  witness: Witness,
  validators: readonly Validator[],
): Grants | SkipReason {
  const [authorizer] = authorizers
  if (authorizer?.kind !== 'validator' || authorizers.length > 1) return 'VALIDATOR_MISUSED'
  if (actions.length > 1 || actions[0]?.kind !== 'tick') return 'VALIDATOR_MISUSED'
  const validator = validators.find(({ nodeKey }) => equalBytes(nodeKey, authorizer.nodeKey))
  if (validator === undefined) return 'AUTHORIZER_UNKNOWN'
  const isOwn = witness.map(
    ({ scheme, publicKey }) => scheme === 'ed25519' && equalBytes(publicKey, authorizer.nodeKey),
  )
  if (!isOwn.includes(true)) return 'SIGNATURES_INSUFFICIENT'
  if (isOwn.includes(false)) return 'SIGNATURE_SURPLUS'
  return { payers: [validator.member], meets: (requirement) => requirement.some(({ by }) => by === 'validator') }
}

function signerOf(authorizer: Authorizer, witness: Witness, state: StateStore): Signer | undefined {
  const make = (member: MemberId, roles: readonly MemberRole[], policy: Policy): Signer | undefined =>
    authorizer.kind === 'validator'
      ? undefined
      : { authorizer, member, roles, tally: new PolicyTally(policy, witness), needed: 0 }
  if (authorizer.kind === 'account') {
    const account = state.account(authorizer.account)
    return account && make(account.member, [], account.policy)
  }
  if (authorizer.kind === 'member') {
    const member = state.member(authorizer.member)
    return member && make(authorizer.member, member.roles, member.policy)
  }
  return undefined
}

function permissionOf(authority: Authority): number {
  return authority.by === 'validator' ? 0 : authority.permission
}

/** Finds the authorizers that an authority means, without walking all of them for every action. */
class SignerIndex {
  readonly #accounts = new Map<string, Signer[]>()
  readonly #members = new Map<string, Signer[]>()

  constructor(signers: readonly Signer[]) {
    for (const signer of signers) {
      if (signer.authorizer.kind === 'account') this.#accounts.set(latin1(signer.authorizer.account), [signer])
      else this.#members.set(latin1(signer.authorizer.member), [signer])
    }
  }

  matching(authority: Authority): readonly Signer[] {
    switch (authority.by) {
      case 'account':
        return this.#accounts.get(latin1(authority.account)) ?? []
      case 'member':
        return this.#members.get(latin1(authority.member)) ?? []
      case 'role':
        return [...this.#members.values()].flat().filter(({ roles }) => authority.roles.some((r) => roles.includes(r)))
      case 'validator':
        return []
    }
  }
}

/** The state, and the assets that the transaction itself creates: what it does with them is asked of the same issuer. */
function withCreatedAssets(state: StateStore, actions: readonly Action[]): RequirementSource {
  const issuers = new Map<string, { issuer: MemberId }>()
  for (const action of actions) {
    if (action.kind === 'create-asset') {
      issuers.set(latin1(assetIdOf(action.issuer, action.code)), { issuer: action.issuer })
    }
  }
  if (issuers.size === 0) return state
  return {
    account: (id) => state.account(id),
    member: (id) => state.member(id),
    hold: (id) => state.hold(id),
    contract: (id) => state.contract(id),
    asset: (id: AssetId) => state.asset(id) ?? issuers.get(latin1(id)),
  }
}
