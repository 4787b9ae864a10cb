import { hashInto } from '@chainsafe/hashtree'
import type { CryptoRuntime } from '../runtime.ts'
import { ed25519PublicKey, signEd25519, verifyEd25519 } from './ed25519.ts'
import { p256PublicKey, signP256, verifyP256 } from './p256.ts'
import { sha256 } from './sha256.ts'

/** Node's runtime: libsodium for Ed25519, hashtree for tree levels, OpenSSL for single hashes. */
export const runtime: CryptoRuntime = {
  name: 'node',
  sha256,
  hashPairs: (pairs, into) => {
    if (pairs.length > 0) hashInto(pairs, into)
  },
  verifyEd25519,
  signEd25519,
  ed25519PublicKey,
  verifyP256,
  signP256,
  p256PublicKey,
}
