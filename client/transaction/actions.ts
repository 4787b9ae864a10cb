import {
  type AccountId,
  type AccountKind,
  type Action,
  type ActionKind,
  type ActionOf,
  type AssetId,
  accountIdOf,
  isActiveAction,
  type KeyIdentity,
  type MemberId,
  type Policy,
  type Reference,
  singleKeyPolicy,
} from '@tallystick/core/protocol'

/** Fields that may be `undefined` may be left out. */
type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: T[K] }
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }
export type ActionFields<K extends ActionKind> = Required<Omit<ActionOf<K>, 'kind'>> &
  Optional<Omit<ActionOf<K>, 'kind'>>

interface Movement {
  readonly asset: AssetId
  /** Minor units. */
  readonly amount: bigint
  readonly reference?: Reference | undefined
  readonly commitment?: Uint8Array | undefined
}

/** Moves value between two accounts. */
export function transfer(
  fields: Movement & { readonly debit: AccountId; readonly credit: AccountId },
): ActionOf<'transfer'> {
  return { kind: 'transfer', reference: undefined, commitment: undefined, ...fields }
}

/** Brings new units into circulation; for the asset's issuer. */
export function issue(fields: Movement & { readonly credit: AccountId }): ActionOf<'issue'> {
  return { kind: 'issue', reference: undefined, commitment: undefined, ...fields }
}

/** Takes units out of circulation; for the asset's issuer. */
export function redeem(fields: Movement & { readonly debit: AccountId }): ActionOf<'redeem'> {
  return { kind: 'redeem', reference: undefined, commitment: undefined, ...fields }
}

/** Reserves value until it is posted, voided or expires. */
export function hold(
  fields: Movement & {
    readonly debit: AccountId
    readonly credit: AccountId
    readonly expiresMs: number
    readonly controller: AccountId
  },
): ActionOf<'hold'> {
  return { kind: 'hold', reference: undefined, commitment: undefined, ...fields }
}

export interface NewAccount {
  readonly member: MemberId
  readonly accountKind: AccountKind
  /** Who may act for it: a policy, or one key that may do everything. */
  readonly owner: Policy | KeyIdentity
  /** 32 bytes; with member and policy it makes the address. */
  readonly salt: Uint8Array
  readonly parent?: AccountId | undefined
  readonly commitment?: Uint8Array | undefined
}

/** Opens an account; `account` is its id, known before it is opened. */
export function openAccount(fields: NewAccount): {
  readonly account: AccountId
  readonly action: ActionOf<'open-account'>
} {
  const { member, accountKind, salt, owner, parent, commitment } = fields
  const policy = 'threshold' in owner ? owner : singleKeyPolicy(owner)
  return {
    account: accountIdOf(member, policy, salt),
    action: { kind: 'open-account', member, accountKind, parent, policy, salt, commitment },
  }
}

/** Any active action by its kind: `makeAction('close-account', { account })`. Fields that may be absent may be left out. */
export function makeAction<K extends ActionKind>(kind: K, fields: ActionFields<K>): ActionOf<K> {
  if (!isActiveAction(kind)) throw new RangeError(`${kind} is not active`)
  return { ...optionalOf(kind), kind, ...fields } as ActionOf<K>
}

function optionalOf(kind: ActionKind): Partial<Record<string, undefined>> {
  const movements: readonly Action['kind'][] = ['transfer', 'issue', 'redeem', 'hold']
  if (movements.includes(kind)) return { reference: undefined, commitment: undefined }
  if (kind === 'open-account') return { parent: undefined, commitment: undefined }
  if (kind === 'create-asset') return { supplyMax: undefined }
  return {}
}
