import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'

const { Point } = ed25519
type EdwardsPoint = InstanceType<typeof Point>
const groupOrder = Point.Fn.ORDER

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
  return value
}

/** The point of a canonical encoding: y below the field's prime, x not "minus zero", on the curve. */
function decodePoint(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    return Point.fromBytes(bytes, false)
  } catch {
    return undefined
  }
}

/**
 * libsodium's verdict by noble's arithmetic (noble's own `verify` accepts more): S below the group order; a key with a
 * canonical encoding and not of small order; and S·B − H(R‖A‖m)·A, which is not of small order either, encodes to exactly
 * the bytes of R. So the equation is the one without the cofactor, and a non-canonical R never fits.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const s = littleEndian(signature.subarray(32))
  if (s >= groupOrder) return false
  const key = decodePoint(publicKey)
  if (key === undefined || key.isSmallOrder()) return false
  const r = signature.subarray(0, 32)
  const h = littleEndian(sha512.create().update(r).update(publicKey).update(message).digest()) % groupOrder
  const expected = Point.BASE.multiplyUnsafe(s).add(key.negate().multiplyUnsafe(h))
  if (expected.isSmallOrder()) return false
  const bytes = expected.toBytes()
  return bytes.every((byte, i) => byte === r[i])
}

export function isPrimeOrderEd25519Key(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false
  const key = decodePoint(publicKey)
  return key !== undefined && !key.isSmallOrder() && key.isTorsionFree()
}

export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed)
}

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed)
}
