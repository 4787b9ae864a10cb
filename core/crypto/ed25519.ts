import { runtime } from '#crypto-runtime'

/** Ed25519 by libsodium's predicate, the same verdict in every runtime (spec/signatures.md). */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return runtime.verifyEd25519(signature, message, publicKey)
}

/** @param seed - The 32 bytes of RFC 8032's private key. */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return runtime.signEd25519(message, seed)
}

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return runtime.ed25519PublicKey(seed)
}
