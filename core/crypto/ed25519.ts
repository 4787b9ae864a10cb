import { runtime } from '#crypto-runtime'

/** Ed25519 by the ledger's one predicate (spec/signatures.md); false also for a key or signature of another length. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return runtime.verifyEd25519(signature, message, publicKey)
}

/** @param seed - The private key: 32 secret bytes. @returns 64 bytes. */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return runtime.signEd25519(message, checkSecret(seed))
}

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return runtime.ed25519PublicKey(checkSecret(seed))
}

function checkSecret(seed: Uint8Array): Uint8Array {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes')
  return seed
}
