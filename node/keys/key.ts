import { randomBytes } from 'node:crypto'
import { ed25519PublicKey } from '@tallystick/core/crypto'
import type { KeyKind } from './key-file-form.ts'

/** A key with its secret. */
export interface Key {
  readonly kind: KeyKind
  readonly scheme: 'ed25519'
  readonly publicKey: Uint8Array
  /** RFC 8032's private key, 32 bytes. */
  readonly seed: Uint8Array
  /** Of a member's key only: 32 bytes from which references and the salts of commitments are derived. */
  readonly derivationSecret: Uint8Array | undefined
}

/** A new key from the system's randomness. */
export function createKey(kind: KeyKind): Key {
  return keyFromSecret(kind, new Uint8Array(randomBytes(kind === 'member' ? 64 : 32)))
}

/** @param secret - 32 bytes, 64 for a member: the seed, then the secret of references. */
export function keyFromSecret(kind: KeyKind, secret: Uint8Array): Key {
  const seed = secret.slice(0, 32)
  return {
    kind,
    scheme: 'ed25519',
    publicKey: ed25519PublicKey(seed),
    seed,
    derivationSecret: kind === 'member' ? secret.slice(32, 64) : undefined,
  }
}

/** The inverse of `keyFromSecret`. */
export function secretOfKey({ seed, derivationSecret }: Key): Uint8Array {
  if (derivationSecret === undefined) return seed
  const secret = new Uint8Array(64)
  secret.set(seed)
  secret.set(derivationSecret, 32)
  return secret
}
