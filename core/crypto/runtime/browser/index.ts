import { sha256 } from '@noble/hashes/sha2.js'
import type { CryptoRuntime } from '../runtime.ts'
import { ed25519PublicKey, isPrimeOrderEd25519Key, signEd25519, verifyEd25519 } from './ed25519.ts'
import { isP256Key, p256PublicKey, signP256, verifyP256 } from './p256.ts'

function hashPairs(pairs: Uint8Array, into: Uint8Array): void {
  for (let at = 0; at < pairs.length; at += 64) into.set(sha256(pairs.subarray(at, at + 64)), at / 2)
}

/** The runtime of browsers: noble's JavaScript throughout. */
export const runtime: CryptoRuntime = {
  name: 'browser',
  sha256: (message) => sha256(message),
  hashPairs,
  verifyEd25519,
  isPrimeOrderEd25519Key,
  signEd25519,
  ed25519PublicKey,
  verifyP256,
  isP256Key,
  signP256,
  p256PublicKey,
}
