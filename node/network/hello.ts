import { bytes32, CodecError, decode, encode, equalBytes, struct, text, u16 } from '@tallystick/core/codec'
import { NetworkError, networkProblems } from './errors.ts'

/** Raised whenever frames or the hello change. */
export const protocolVersion = 2
/** Application-layer protocol of the TLS connection (RFC 7301). */
export const alpnProtocol = 'tallystick/1'
export const helloBytesMax = 256

const hello = struct({ version: u16, ledger: bytes32, channel: text(32), nodeVersion: text(64) })

export interface Hello {
  readonly channel: string
  /** The peer's software, for the log. */
  readonly nodeVersion: string
}

export function encodeHello(ledger: Uint8Array, { channel, nodeVersion }: Hello): Uint8Array {
  return encode(hello, { version: protocolVersion, ledger, channel, nodeVersion })
}

/** @throws {NetworkError} if the peer can't be talked to. The version is looked at first, since it decides about the rest. */
export function decodeHello(bytes: Uint8Array, ledger: Uint8Array): Hello {
  if (bytes.length < 2) throw new NetworkError('NETWORK_FRAME_MALFORMED', 'the hello')
  const version = bytes[0]! | (bytes[1]! << 8)
  if (version !== protocolVersion) {
    throw new NetworkError('NETWORK_VERSION_MISMATCH', `${version}, this node speaks ${protocolVersion}`)
  }
  try {
    const fields = decode(hello, bytes)
    if (!equalBytes(fields.ledger, ledger)) throw new NetworkError('NETWORK_WRONG_LEDGER')
    return { channel: fields.channel, nodeVersion: fields.nodeVersion }
  } catch (error) {
    if (error instanceof CodecError) throw new NetworkError('NETWORK_FRAME_MALFORMED', 'the hello')
    throw error
  }
}

/** Reasons travel as text of at most this many bytes. */
const reasonBytesMax = 128
const encoder = new TextEncoder()

export function encodeReason(reason: string): Uint8Array {
  return encoder.encode(reason.replace(/[^ -~]/g, '?').slice(0, reasonBytesMax))
}

/** A peer's reason, if it is one that this node knows; any other text is not repeated. */
export function decodeReason(content: Uint8Array): string | undefined {
  if (content.length > reasonBytesMax) return undefined
  const reason = String.fromCharCode(...content)
  return Object.hasOwn(networkProblems, reason) ? reason : undefined
}
