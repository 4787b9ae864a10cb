import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashPair, taggedHash } from './index.ts'

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

test('a tagged hash is SHA-256(T‖T‖m) with T the hash of the kind', () => {
  const tag = sha256(new TextEncoder().encode('tallystick/example'))
  const message = Uint8Array.of(1, 2, 3)
  expect(taggedHash('tallystick/example', message)).toEqual(sha256(tag, tag, message))
  expect(taggedHash('tallystick/example', message.subarray(0, 1), message.subarray(1))).toEqual(
    sha256(tag, tag, message),
  )
  expect(taggedHash('tallystick/other', message)).not.toEqual(sha256(tag, tag, message))
})

test('a pair is hashed as 64 bytes without a tag', () => {
  const left = new Uint8Array(32).fill(1)
  const right = new Uint8Array(32).fill(2)
  expect(hashPair(left, right)).toEqual(sha256(left, right))
})

test('error: an empty message, whose preimage would have the form of a pair', () => {
  expect(() => taggedHash('tallystick/example')).toThrow(RangeError)
  expect(() => taggedHash('tallystick/example', new Uint8Array(0))).toThrow(RangeError)
})
