import { ed25519PublicKey, signEd25519 } from '@tallystick/core/crypto'
import { ClientError } from '../errors.ts'
import { randomBytes } from '../random.ts'
import type { Signer } from './signer.ts'

/** An Ed25519 key in memory. `seed` is the secret: keep it as such. */
export interface Key extends Signer {
  readonly scheme: 'ed25519'
  readonly seed: Uint8Array
}

export const seedBytes = 32

/** A new Ed25519 key from the platform's random source. */
export function generateKey(): Key {
  return keyFromSeed(randomBytes(seedBytes))
}

/**
 * @param seed - The 32 bytes of RFC 8032's private key.
 * @throws {ClientError} CLIENT_KEY_INVALID.
 */
export function keyFromSeed(seed: Uint8Array): Key {
  if (seed.length !== seedBytes) {
    throw new ClientError('CLIENT_KEY_INVALID', { detail: `The seed has ${seed.length} bytes.` })
  }
  const kept = seed.slice()
  return {
    scheme: 'ed25519',
    seed: kept,
    publicKey: ed25519PublicKey(kept),
    sign: (message) => signEd25519(message, kept),
  }
}
