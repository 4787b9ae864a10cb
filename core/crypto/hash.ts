import { runtime } from '#crypto-runtime'

/** A digest of 32 bytes. */
export type Hash = Uint8Array

const encoder = new TextEncoder()
const prefixes = new Map<string, Uint8Array>()
/** Where messages are put together: hashing is synchronous, so one buffer serves all. */
const scratch = new Uint8Array(4_096)

function prefixOf(kind: string): Uint8Array {
  let prefix = prefixes.get(kind)
  if (prefix === undefined) {
    const tag = runtime.sha256(encoder.encode(kind))
    prefix = new Uint8Array(64)
    prefix.set(tag, 0)
    prefix.set(tag, 32)
    prefixes.set(kind, prefix)
  }
  return prefix
}

/**
 * `SHA-256(T‖T‖m)` with `T = SHA-256(kind)`, as BIP 340 tags hashes. A message is never empty, so no tagged hash has a
 * preimage of 64 bytes, which is the form of tree nodes.
 * @param kind - What is hashed, such as `tallystick/header`: hashes of different kinds never collide.
 * @param parts - The message, in parts that are joined. Callers join only parts of fixed length, or one encoding.
 */
export function taggedHash(kind: string, ...parts: Uint8Array[]): Hash {
  let length = 64
  for (const part of parts) length += part.length
  if (length === 64) throw new RangeError('a tagged hash has no empty message')
  const message = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length)
  message.set(prefixOf(kind), 0)
  let at = 64
  for (const part of parts) {
    message.set(part, at)
    at += part.length
  }
  return runtime.sha256(message)
}

/** SHA-256 of two joined digests: an inner node of a tree. */
export function hashPair(left: Hash, right: Hash): Hash {
  const pair = new Uint8Array(64)
  pair.set(left, 0)
  pair.set(right, 32)
  const digest = new Uint8Array(32)
  runtime.hashPairs(pair, digest)
  return digest
}
