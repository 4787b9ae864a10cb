import { equalBytes } from '@tallystick/core/codec'
import { ed25519PublicKey, signEd25519, taggedHash, verifyEd25519 } from '@tallystick/core/crypto'

export interface SignatureScheme {
  publicKey(seed: Uint8Array): Uint8Array
  sign(message: Uint8Array, seed: Uint8Array): Uint8Array
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
}

export const realSignatures: SignatureScheme = {
  publicKey: ed25519PublicKey,
  sign: signEd25519,
  verify: verifyEd25519,
}

function keyedHash(key: Uint8Array, message: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64)
  signature.set(taggedHash('simulator/signature', key, message))
  return signature
}

/** Hashes in the place of signatures: fast, and right as long as nobody in the simulation forges one. */
export const hashSignatures: SignatureScheme = {
  publicKey: (seed) => seed,
  sign: (message, seed) => keyedHash(seed, message),
  verify: (signature, message, publicKey) => equalBytes(signature, keyedHash(publicKey, message)),
}
