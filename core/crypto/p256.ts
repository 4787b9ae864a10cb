import { runtime } from '#crypto-runtime'

/** ECDSA over P-256 and SHA-256(message), with RFC 6979's nonce: 64 bytes r ‖ s, s low. @param secret - 32 bytes. */
export function signP256(message: Uint8Array, secret: Uint8Array): Uint8Array {
  return runtime.signP256(message, secret)
}

/** The compressed public key, 33 bytes. */
export function p256PublicKey(secret: Uint8Array): Uint8Array {
  return runtime.p256PublicKey(secret)
}
