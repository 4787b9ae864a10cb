import { sortByEncoding } from '../../codec/index.ts'
import { ed25519PublicKey, taggedHash } from '../../crypto/index.ts'
import type { KeyIdentity, Policy, PolicyKey, WitnessSignature } from '../../protocol/index.ts'
import { keyIdentity, permissionsAll } from '../../protocol/index.ts'

const encoder = new TextEncoder()

/** 32 bytes that a name stands for: salts, references, seeds. */
export function hashOf(name: string): Uint8Array {
  return taggedHash('test', encoder.encode(`${name}.`))
}

const keys = new Map<string, KeyIdentity>()

/** A real public key that a name stands for. */
export function keyOf(name: string): KeyIdentity {
  let key = keys.get(name)
  if (key === undefined) {
    key = { scheme: 'ed25519', publicKey: ed25519PublicKey(hashOf(`seed of ${name}`)) }
    keys.set(name, key)
  }
  return key
}

export interface KeyTerms {
  readonly name: string
  readonly weight?: number
  readonly permissions?: number
}

export function policyOf(threshold: number, ...terms: readonly (KeyTerms | string)[]): Policy {
  const policyKeys = terms.map((term): PolicyKey => {
    const { name, weight = 1, permissions = permissionsAll } = typeof term === 'string' ? { name: term } : term
    return { ...keyOf(name), weight, permissions }
  })
  const sorted = sortByEncoding(policyKeys, keyIdentity, ({ scheme, publicKey }) => ({ scheme, publicKey }))
  return { threshold, keys: sorted, limits: [], recovery: undefined }
}

/** A witness by the named keys. The kernel never looks at signatures, so there is none. */
export function witnessOf(names: readonly string[]): WitnessSignature[] {
  const signatures = names.map((name) => ({ ...keyOf(name), signature: new Uint8Array(64) }))
  return sortByEncoding(signatures, keyIdentity, ({ scheme, publicKey }) => ({ scheme, publicKey }))
}
