/** What differs between Node and browsers. Both implementations give the same answers on the same vectors. */
export interface CryptoRuntime {
  readonly name: 'node' | 'browser'

  sha256(message: Uint8Array): Uint8Array

  /**
   * SHA-256 of each 64-byte block of `pairs`: one level of a tree at once.
   * @param pairs - `64 × n` bytes. @param into - where the `32 × n` bytes of digests go.
   */
  hashPairs(pairs: Uint8Array, into: Uint8Array): void

  /** Ed25519 by libsodium's predicate: canonical S and A, no small-order A or R, the equation without the cofactor. */
  verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /** Whether a key is canonically encoded and of the prime order, as every key made from a seed is. */
  isPrimeOrderEd25519Key(publicKey: Uint8Array): boolean
  signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array
  ed25519PublicKey(seed: Uint8Array): Uint8Array

  /** ECDSA over P-256 of SHA-256(message); signature r‖s of 64 bytes, low s only; key compressed, 33 bytes. */
  verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /** Whether 33 bytes are a compressed point of the curve; its order is prime, so every point is a key. */
  isP256Key(publicKey: Uint8Array): boolean
  signP256(message: Uint8Array, secret: Uint8Array): Uint8Array
  p256PublicKey(secret: Uint8Array): Uint8Array
}
