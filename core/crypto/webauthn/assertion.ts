import { runtime } from '#crypto-runtime'
import { bytes, type Codec, decode, equalBytes, fixedBytes, type Infer, struct } from '../../codec/index.ts'
import { clientDataSigns } from './client-data.ts'

const rpIdHashBytes = 32
const compressedBytes = 33
/** A compressed P-256 point and the SHA-256 of the relying party's id, which the assertion must name too. */
export const webauthnKeyBytes: number = compressedBytes + rpIdHashBytes

const fields = struct({
  authenticatorData: bytes(1024),
  clientDataJson: bytes(2048),
  /** r ‖ s, s low: authenticators give DER, see `webauthnSignatureOf`. */
  signature: fixedBytes(64),
})
export type WebauthnAssertion = Infer<typeof fields>

/** What a passkey gives for a signature: its data, the browser's data with the challenge, and the signature over both. */
export const webauthnAssertion: Codec<WebauthnAssertion> = fields

/**
 * Whether a passkey signed a message (WebAuthn Level 2, section 7.2). The challenge is the message itself.
 * @param publicKey - `webauthnKeyBytes` long. @param signature - The encoding of a `WebauthnAssertion`.
 */
export function verifyWebauthn(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== webauthnKeyBytes) return false
  const assertion = decodeAssertion(signature)
  if (assertion === undefined) return false
  const { authenticatorData, clientDataJson } = assertion
  if (!authenticatorDataFits(authenticatorData, publicKey.subarray(compressedBytes))) return false
  if (!clientDataSigns(clientDataJson, message)) return false
  const signed = new Uint8Array(authenticatorData.length + 32)
  signed.set(authenticatorData, 0)
  signed.set(runtime.sha256(clientDataJson), authenticatorData.length)
  return runtime.verifyP256(assertion.signature, signed, publicKey.subarray(0, compressedBytes))
}

function decodeAssertion(signature: Uint8Array): WebauthnAssertion | undefined {
  try {
    return decode(webauthnAssertion, signature)
  } catch {
    return undefined
  }
}

/** Bits of the flags byte (WebAuthn Level 3, section 6.1). */
const userPresent = 0x01
const backupEligible = 0x08
const backupState = 0x10
const attestedData = 0x40
const extensionData = 0x80
/** Hash of the relying party's id, flags, and a counter of four bytes. */
const fixedPartBytes = rpIdHashBytes + 1 + 4

/**
 * The relying party is the key's, the user was present, no credential is attested, a backup state has its eligibility,
 * and surplus bytes come only with the flag of extensions. The counter says nothing: passkeys that travel keep it at 0.
 */
function authenticatorDataFits(data: Uint8Array, rpIdHash: Uint8Array): boolean {
  if (data.length < fixedPartBytes || !equalBytes(data.subarray(0, rpIdHashBytes), rpIdHash)) return false
  const flags = data[rpIdHashBytes]!
  if ((flags & userPresent) === 0 || (flags & attestedData) !== 0) return false
  if ((flags & backupState) !== 0 && (flags & backupEligible) === 0) return false
  return data.length > fixedPartBytes === ((flags & extensionData) !== 0)
}
