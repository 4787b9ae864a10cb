import { hashInto } from '@chainsafe/hashtree'
import { p256PublicKey, signP256 } from '../browser/p256.ts'
import type { CryptoRuntime } from '../runtime.ts'
import { ed25519PublicKey, isPrimeOrderEd25519Key, signEd25519, verifyEd25519 } from './ed25519.ts'
import { isP256Key, verifyP256 } from './p256.ts'
import { sha256 } from './sha256.ts'

/**
 * Node's runtime: libsodium for Ed25519, hashtree for tree levels, OpenSSL for single hashes and for verifying P-256.
 * P-256 is signed by noble here too, since OpenSSL draws its nonces at random.
 */
export const runtime: CryptoRuntime = {
  name: 'node',
  sha256,
  hashPairs: (pairs, into) => {
    if (pairs.length > 0) hashInto(pairs, into)
  },
  verifyEd25519,
  isPrimeOrderEd25519Key,
  signEd25519,
  ed25519PublicKey,
  verifyP256,
  isP256Key,
  signP256,
  p256PublicKey,
}
