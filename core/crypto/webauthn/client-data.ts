import { equalBytes } from '../../codec/index.ts'

const encoder = new TextEncoder()
const quote = 0x22
const backslash = 0x5c
const closing = encoder.encode('}')
const sameOrigin = encoder.encode(',"crossOrigin":false')
const comma = 0x2c

/**
 * Whether client data has the type `webauthn.get`, the message as its challenge, and comes from a page of the relying
 * party itself. This is the limited verification algorithm (WebAuthn Level 2, section 5.8.1.2): browsers must serialize
 * type, challenge, origin and crossOrigin first, in this order and without spaces, so the bytes are compared and no JSON
 * parser, of which no two agree on duplicates and escapes, decides what is valid. `crossOrigin` may be missing, as
 * platform authenticators of apps leave it out; what follows these fields is free, but names no crossOrigin or topOrigin.
 * The origin itself is not compared: authenticators sign only for origins of their relying party, which the key names.
 */
export function clientDataSigns(clientData: Uint8Array, message: Uint8Array): boolean {
  const start = encoder.encode(`{"type":"webauthn.get","challenge":"${base64Url(message)}","origin":"`)
  if (!startsWith(clientData, start)) return false
  const originEnd = clientData.indexOf(quote, start.length)
  if (originEnd <= start.length || !isPlain(clientData.subarray(start.length, originEnd))) return false
  let rest = clientData.subarray(originEnd + 1)
  if (startsWith(rest, sameOrigin)) rest = rest.subarray(sameOrigin.length)
  if (equalBytes(rest, closing)) return true
  return rest[0] === comma && rest.at(-1) === closing[0] && !includes(rest, crossOrigin) && !includes(rest, topOrigin)
}

const crossOrigin = encoder.encode('"crossOrigin"')
const topOrigin = encoder.encode('"topOrigin"')

/** Printable ASCII without escapes: what a serialized origin consists of. */
function isPlain(text: Uint8Array): boolean {
  return text.every((byte) => byte > 0x20 && byte < 0x7f && byte !== backslash)
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, start.length), start)
}

function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (startsWith(bytes.subarray(at), wanted)) return true
  }
  return false
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** RFC 4648, section 5, without padding. */
export function base64Url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const digits = Math.min(4, bytes.length - at + 1)
    for (let i = 0; i < digits; i++) text += alphabet[(group >> (18 - 6 * i)) & 63]!
  }
  return text
}
