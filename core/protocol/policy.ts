import {
  bytes,
  bytes32,
  type Codec,
  enumeration,
  type Infer,
  list,
  option,
  refined,
  safeU64,
  sortedList,
  struct,
  u16,
  u32,
  u128,
} from '../codec/index.ts'

/** The signature schemes by their byte: Ed25519, ECDSA P-256, and WebAuthn assertions over P-256. */
export const signatureScheme = enumeration({ ed25519: 1, p256: 2, 'webauthn-p256': 3 })
export type SignatureScheme = Infer<typeof signatureScheme>

/** What a key of a policy may authorize, as bits of `permissions`. */
export const permission = {
  /** Debit the account: transfers, holds, redemptions. */
  spend: 1,
  /** Change the policy, close the account, create tickets. */
  administer: 2,
  /** For a member's policy: open accounts, create assets. */
  register: 4,
  /** For a member's policy: issue and redeem its assets, set credit lines. */
  issue: 8,
  /** For a member's policy: freeze and release accounts, amounts and assets. */
  supervise: 16,
  /** Call contracts in the name of the account or member. */
  call: 32,
} as const
export const permissionsAll = 63

export const publicKeyBytesMax = 65
export const policyKeysMax = 64

export const keyIdentity = struct({ scheme: signatureScheme, publicKey: bytes(publicKeyBytesMax) })
export type KeyIdentity = Infer<typeof keyIdentity>

const policyKey = struct({
  scheme: signatureScheme,
  publicKey: bytes(publicKeyBytesMax),
  weight: u16,
  permissions: u32,
})
export type PolicyKey = Infer<typeof policyKey>

const identityOf = ({ scheme, publicKey }: PolicyKey): KeyIdentity => ({ scheme, publicKey })
const policyKeys = sortedList(policyKey, keyIdentity, identityOf, policyKeysMax)

/** At most `amount` of an asset leaves the account in any period; periods start at multiples of `periodMs`. */
const periodLimit = struct({ asset: bytes32, periodMs: safeU64, amount: u128 })
const recovery = struct({ threshold: u32, keys: policyKeys, delayMs: safeU64 })

const policyFields = struct({
  threshold: u32,
  keys: policyKeys,
  limits: list(periodLimit, 16),
  recovery: option(recovery),
})

const checkedPolicy: Codec<Infer<typeof policyFields>> = refined(policyFields, (value) => {
  if (value.threshold < 1) return 'a threshold is at least 1'
  if (value.keys.some((key) => key.weight < 1)) return 'a weight is at least 1'
  // A policy without keys is a contract's: no signature satisfies it.
  if (value.keys.length > 0 && totalWeight(value.keys) < value.threshold) return 'all keys together miss the threshold'
  return undefined
})

function totalWeight(keys: readonly PolicyKey[]): number {
  return keys.reduce((sum, key) => sum + key.weight, 0)
}

/**
 * Who may act for an account or a member: signers whose keys carry the permission and whose weights reach the threshold.
 * Keys stand sorted by scheme and key.
 */
export const policy: Codec<Infer<typeof policyFields>> = {
  ...checkedPolicy,
  /** Samples at random would hardly ever have a threshold that their keys reach. */
  sample: (sampler) => {
    const sampled = policyFields.sample(sampler)
    const own = { ...policyKey.sample(sampler), weight: 1 + sampler.below(100) }
    const keys = sampled.keys.length > 0 ? sampled.keys.map((key) => ({ ...key, weight: key.weight || 1 })) : [own]
    return { ...sampled, keys, threshold: 1 + sampler.below(totalWeight(keys)) }
  },
}
export type Policy = Infer<typeof policyFields>

/** The policy of one key that may do everything. */
export function singleKeyPolicy(key: KeyIdentity): Policy {
  return {
    threshold: 1,
    keys: [{ scheme: key.scheme, publicKey: key.publicKey, weight: 1, permissions: permissionsAll }],
    limits: [],
    recovery: undefined,
  }
}
