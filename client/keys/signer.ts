import type { SignatureScheme } from '@tallystick/core/protocol'

/**
 * Something that signs: a key in memory, a device, a passkey. `sign` gets the 32 bytes of `signingMessage` and gives the
 * signature in the scheme's own form (spec/signatures.md); it may ask a person, so it may take its time.
 */
export interface Signer {
  readonly scheme: SignatureScheme
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}
