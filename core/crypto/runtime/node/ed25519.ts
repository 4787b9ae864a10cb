import sodium from 'sodium-native'

/** libsodium's verdict, which is the ledger's predicate: see spec/signatures.md. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  return sodium.crypto_sign_verify_detached(signature, message, publicKey)
}

export function isPrimeOrderEd25519Key(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && sodium.crypto_core_ed25519_is_valid_point(publicKey)
}

function keyPair(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return { publicKey, secretKey }
}

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return keyPair(seed).publicKey
}

export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64)
  sodium.crypto_sign_detached(signature, message, keyPair(seed).secretKey)
  return signature
}
