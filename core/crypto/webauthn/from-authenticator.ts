import { encode } from '../../codec/index.ts'
import { webauthnAssertion } from './assertion.ts'

/** What `navigator.credentials.get` gives, as bytes. */
export interface AuthenticatorResponse {
  readonly authenticatorData: Uint8Array
  readonly clientDataJson: Uint8Array
  /** DER of an ECDSA signature. */
  readonly signature: Uint8Array
}

const groupOrder = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * The signature of scheme 3 from a passkey's response: DER becomes r ‖ s, and a high s its low twin, since
 * authenticators give either.
 * @throws {RangeError} if the signature is no DER of two positive integers below 2^256, or a part is too long.
 */
export function webauthnSignatureOf({
  authenticatorData,
  clientDataJson,
  signature,
}: AuthenticatorResponse): Uint8Array {
  const { r, s } = parseDer(signature)
  const compact = new Uint8Array(64)
  writeBigEndian(compact.subarray(0, 32), r)
  writeBigEndian(compact.subarray(32), s > groupOrder / 2n ? groupOrder - s : s)
  return encode(webauthnAssertion, { authenticatorData, clientDataJson, signature: compact })
}

/** `SEQUENCE { INTEGER r, INTEGER s }`; all lengths are below 128. */
function parseDer(der: Uint8Array): { r: bigint; s: bigint } {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) throw notDer()
  const r = readInteger(der, 2)
  const s = readInteger(der, r.end)
  if (s.end !== der.length) throw notDer()
  return { r: r.value, s: s.value }
}

function readInteger(der: Uint8Array, at: number): { value: bigint; end: number } {
  const length = der[at + 1]
  if (der[at] !== 0x02 || length === undefined || length < 1 || length > 33) throw notDer()
  const end = at + 2 + length
  const digits = der.subarray(at + 2, end)
  if (digits.length !== length || digits[0]! > 0x7f) throw notDer()
  let value = 0n
  for (const byte of digits) value = (value << 8n) | BigInt(byte)
  if (value <= 0n || value >= groupOrder) throw notDer()
  return { value, end }
}

function notDer(): RangeError {
  return new RangeError('the signature is no DER of two integers of P-256')
}

function writeBigEndian(into: Uint8Array, value: bigint): void {
  let rest = value
  for (let i = into.length - 1; i >= 0; i--) {
    into[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
}
