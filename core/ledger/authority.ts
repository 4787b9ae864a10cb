import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type ContractId,
  type ContractRecord,
  type HoldId,
  type HoldRecord,
  type MemberId,
  type MemberRecord,
  type MemberRole,
  permission,
} from '../protocol/index.ts'

/** Who may do something: an authorizer that is this one, or has this role, and whose signers reach the permission. */
export type Authority =
  | { readonly by: 'account'; readonly account: AccountId; readonly permission: number }
  | { readonly by: 'member'; readonly member: MemberId; readonly permission: number }
  | { readonly by: 'role'; readonly roles: readonly MemberRole[]; readonly permission: number }
  | { readonly by: 'validator' }

/** Any one of the authorities suffices. An action may have several requirements; each must be met. */
export type Requirement = readonly Authority[]

/** What the requirements of actions are found in: the state, or the state and what the transaction itself will add. */
export interface RequirementSource {
  account(id: AccountId): Pick<AccountRecord, 'member'> | undefined
  asset(id: AssetId): { readonly issuer: MemberId } | undefined
  hold(id: HoldId): Pick<HoldRecord, 'controller' | 'credit'> | undefined
  member(id: MemberId): MemberRecord | undefined
  contract(id: ContractId): Pick<ContractRecord, 'member'> | undefined
}

export function byAccount(account: AccountId, permission: number): Authority {
  return { by: 'account', account, permission }
}

export function byMember(member: MemberId, permission: number): Authority {
  return { by: 'member', member, permission }
}

/** Supervisors may act on any account and asset of the ledger, visibly, by an ordinary transaction. */
export const bySupervisor: Authority = {
  by: 'role',
  roles: ['regulator', 'compliance'],
  permission: permission.supervise,
}
