import { runtime } from '#crypto-runtime'
import type { Hash } from './hash.ts'

const blockBytes = 64
const digestBytes = 32

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length)
  both.set(first, 0)
  both.set(second, first.length)
  return both
}

/** HMAC-SHA-256 (RFC 2104): 32 bytes that only a holder of the key can make. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Hash {
  const block = new Uint8Array(blockBytes)
  block.set(key.length > blockBytes ? runtime.sha256(key) : key)
  const inner = runtime.sha256(
    joined(
      block.map((byte) => byte ^ 0x36),
      message,
    ),
  )
  return runtime.sha256(
    joined(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
}

/**
 * HKDF-SHA-256 (RFC 5869): key material of a purpose, derived from a secret.
 * @param salt - May be empty. @param info - Names the purpose. @param lengthBytes - At most 255 × 32.
 * @throws {RangeError} if the length is negative, broken or above that.
 */
export function hkdfSha256(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  lengthBytes: number,
): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(lengthBytes) || lengthBytes < 0 || lengthBytes > 255 * digestBytes) {
    throw new RangeError(`HKDF gives 0 to ${255 * digestBytes} bytes, not ${lengthBytes}`)
  }
  const key = hmacSha256(salt, secret)
  const material = new Uint8Array(lengthBytes)
  let block: Uint8Array = new Uint8Array(0)
  for (let at = 0, counter = 1; at < lengthBytes; at += digestBytes, counter++) {
    block = hmacSha256(key, joined(joined(block, info), Uint8Array.of(counter)))
    material.set(block.subarray(0, lengthBytes - at), at)
  }
  return material
}
