import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'

const options = { prehash: false, lowS: true, format: 'compact' } as const

export function verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 33) return false
  try {
    return p256.verify(signature, sha256(message), publicKey, options)
  } catch {
    return false
  }
}

/** The nonce comes from the key and the message (RFC 6979), so no randomness is needed. */
export function signP256(message: Uint8Array, secret: Uint8Array): Uint8Array {
  return p256.sign(sha256(message), secret, options)
}

export function p256PublicKey(secret: Uint8Array): Uint8Array {
  return p256.getPublicKey(secret, true)
}

export function isP256Key(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 33) return false
  try {
    p256.Point.fromBytes(publicKey).assertValidity()
    return true
  } catch {
    return false
  }
}
