import { toHex } from '@tallystick/core/codec'
import { expect, test } from 'vitest'
import { OrderedDigests } from './ordered-digests.ts'

const digestOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const minuteMs = 60_000

test('digests are known until they have expired, and forgotten within a minute', () => {
  const ordered = new OrderedDigests()
  for (let n = 0; n < 100; n++) ordered.add(digestOf(n), n * 10_000)
  ordered.add(digestOf(0), 0)
  for (let n = 0; n < 100; n++) {
    ordered.dropExpired(n * 10_000 - 1)
    expect(ordered.has(toHex(digestOf(n)))).toBe(true)
    const expiredEarlier = Array.from({ length: n }, (_, i) => i).filter((i) => ordered.has(toHex(digestOf(i))))
    expect(expiredEarlier.length).toBeLessThanOrEqual(minuteMs / 10_000)
  }
  ordered.dropExpired(200 * 10_000)
  expect(ordered.has(toHex(digestOf(99)))).toBe(false)
})
