import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runtimes } from '../testing/both-runtimes.ts'

describe.each(runtimes)('runtime $name', (runtime) => {
  test('SHA-256 is that of FIPS 180-4, as a plain array', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        const digest = runtime.sha256(message)
        expect(digest).toEqual(new Uint8Array(createHash('sha256').update(message).digest()))
        // A Buffer's slice shares its memory, so it would let a later write change a kept digest.
        expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype)
      }),
    )
    const view = new Uint8Array(randomBytes(100)).subarray(13, 77)
    expect(runtime.sha256(view)).toEqual(new Uint8Array(createHash('sha256').update(view).digest()))
  })

  test.each([0, 1, 2, 3, 7, 8, 33])('hashPairs hashes each of %i pairs', (count) => {
    const pairs = new Uint8Array(randomBytes(64 * count))
    const into = new Uint8Array(32 * count + 32).fill(9)
    runtime.hashPairs(pairs, into.subarray(0, 32 * count))
    for (let i = 0; i < count; i++) {
      const expected = createHash('sha256')
        .update(pairs.subarray(64 * i, 64 * i + 64))
        .digest()
      expect(into.slice(32 * i, 32 * i + 32)).toEqual(new Uint8Array(expected))
    }
    expect(into.slice(32 * count)).toEqual(new Uint8Array(32).fill(9))
  })
})
