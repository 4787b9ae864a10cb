import { runtime } from '#crypto-runtime'
import { verifyWebauthn, webauthnKeyBytes } from './webauthn/assertion.ts'

/** Scheme bytes 1, 2 and 3: Ed25519, ECDSA over P-256 with SHA-256, and WebAuthn assertions over P-256. */
export type SignatureSchemeName = 'ed25519' | 'p256' | 'webauthn-p256'

const compressedBytes = 33

/**
 * The ledger's one predicate of what a valid signature is, the same in every runtime (spec/signatures.md). Never throws:
 * a key or signature of a wrong form is a wrong signature.
 */
export function verifySignature(
  scheme: SignatureSchemeName,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  switch (scheme) {
    case 'ed25519':
      return runtime.verifyEd25519(signature, message, publicKey)
    case 'p256':
      return runtime.verifyP256(signature, message, publicKey)
    case 'webauthn-p256':
      return verifyWebauthn(publicKey, message, signature)
  }
}

/**
 * Whether the ledger takes a key on. Stricter than verification: Ed25519 keys of small or mixed order, with which one
 * signature could fit several messages or split verifiers, are refused once here.
 */
export function isAcceptablePublicKey(scheme: SignatureSchemeName, publicKey: Uint8Array): boolean {
  switch (scheme) {
    case 'ed25519':
      return runtime.isPrimeOrderEd25519Key(publicKey)
    case 'p256':
      return runtime.isP256Key(publicKey)
    case 'webauthn-p256':
      return publicKey.length === webauthnKeyBytes && runtime.isP256Key(publicKey.subarray(0, compressedBytes))
  }
}
