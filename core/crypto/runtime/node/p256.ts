import { createHash } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'

// Noble decides here too until a native path with the same verdicts replaces it.
const options = { prehash: false, lowS: true, format: 'compact' } as const

function digest(message: Uint8Array): Uint8Array {
  return createHash('sha256').update(message).digest()
}

export function verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 33) return false
  try {
    return p256.verify(signature, digest(message), publicKey, options)
  } catch {
    return false
  }
}

export function signP256(message: Uint8Array, secret: Uint8Array): Uint8Array {
  return p256.sign(digest(message), secret, options)
}

export function p256PublicKey(secret: Uint8Array): Uint8Array {
  return p256.getPublicKey(secret, true)
}
