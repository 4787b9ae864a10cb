import { Buffer } from 'node:buffer'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** SubjectPublicKeyInfo of a compressed P-256 point (RFC 5480), up to the point. */
const spkiPrefix = Uint8Array.of(
  ...[0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00],
)
const compressedBytes = 33

/** Half of the group order, rounded down: the largest s that counts as low. */
const lowSMax = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex')

/** Importing a key costs as much as verifying with it, so the keys seen last are kept. */
const keysMax = 4096
const keys = new Map<string, KeyObject>()

function importKey(publicKey: Uint8Array): KeyObject | undefined {
  // OpenSSL also takes other forms of a point here, so the form is checked first.
  if (publicKey.length !== compressedBytes || (publicKey[0] !== 2 && publicKey[0] !== 3)) return undefined
  const der = Buffer.alloc(spkiPrefix.length + compressedBytes)
  der.set(spkiPrefix)
  der.set(publicKey, spkiPrefix.length)
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

function keyOf(publicKey: Uint8Array): KeyObject | undefined {
  const name = String.fromCharCode(...publicKey)
  const known = keys.get(name)
  if (known !== undefined) {
    keys.delete(name)
    keys.set(name, known)
    return known
  }
  const key = importKey(publicKey)
  if (key === undefined) return undefined
  keys.set(name, key)
  if (keys.size > keysMax) keys.delete(keys.keys().next().value!)
  return key
}

/** OpenSSL checks that r and s lie between 0 and the group order; that s is low is checked here. */
export function verifyP256(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== compressedBytes) return false
  if (Buffer.compare(signature.subarray(32), lowSMax) > 0) return false
  const key = keyOf(publicKey)
  return key !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

export function isP256Key(publicKey: Uint8Array): boolean {
  return importKey(publicKey) !== undefined
}
