import { expect, test } from 'vitest'
import { decodeWallClock, encodeWallClock, PeerClock } from './peer-clock.ts'

test('a time comes out as it went in, and anything else is malformed', () => {
  expect(decodeWallClock(encodeWallClock(1_800_000_000_123))).toBe(1_800_000_000_123)
  for (const length of [0, 1, 7, 9]) {
    expect(() => decodeWallClock(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'NETWORK_FRAME_MALFORMED' }),
    )
  }
})

test('a reading that came late does not count, and old ones are forgotten', () => {
  const clock = new PeerClock()
  expect(clock.aheadMs).toBeUndefined()
  clock.note(-3)
  // This process stood still for ten seconds before it read these.
  for (let i = 0; i < 4; i++) clock.note(-10_000)
  expect(clock.aheadMs).toBe(-3)
  clock.note(-10_000)
  expect(clock.aheadMs).toBe(-10_000)
  clock.note(300_000)
  expect(clock.aheadMs).toBe(300_000)
  clock.reset()
  expect(clock.aheadMs).toBeUndefined()
})
