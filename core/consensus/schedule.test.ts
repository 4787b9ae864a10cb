import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leaderSchedule } from './schedule.ts'

const hash = new Uint8Array(32).fill(7)
const stakes = fc.array(fc.bigInt({ min: 1n, max: 10n ** 30n }), { minLength: 1, maxLength: 40 })

describe('leader schedule', () => {
  test('equal stakes take turns', () => {
    const schedule = leaderSchedule([5n, 5n, 5n, 5n], 8, hash)
    expect(schedule.slice(0, 4).toSorted()).toEqual([0, 1, 2, 3])
    expect(schedule.slice(4)).toEqual(schedule.slice(0, 4))
  })

  test('the order is rotated by the boundary hash', () => {
    const starts = [0, 1, 2, 3].map((byte) => leaderSchedule([1n, 1n, 1n, 1n], 4, Uint8Array.of(byte))[0])
    expect(starts.toSorted()).toEqual([0, 1, 2, 3])
  })

  test('every member leads, in proportion to its stake up to one view, over a period of P views', () => {
    fc.assert(
      fc.property(stakes, fc.integer({ min: 1, max: 128 }), (weights, period) => {
        const schedule = leaderSchedule(weights, period, hash)
        const length = Math.max(period, weights.length)
        expect(schedule.length).toBe(length)
        const total = weights.reduce((sum, weight) => sum + weight, 0n)
        const raised = weights.filter((weight) => weight * BigInt(length) < total).length
        for (const [index, weight] of weights.entries()) {
          const views = schedule.filter((leader) => leader === index).length
          const exact = Number((weight * BigInt(length) * 1_000n) / total) / 1_000
          expect(views).toBeGreaterThanOrEqual(1)
          expect(views).toBeLessThanOrEqual(Math.max(1, Math.ceil(exact + 0.001)))
          if (raised === 0) expect(views).toBeGreaterThanOrEqual(Math.floor(exact))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('views of a member are spread: one with half the stake never waits for more than two others', () => {
    const schedule = leaderSchedule([50n, 10n, 10n, 10n, 10n, 10n], 64, hash)
    for (let at = 0; at + 3 <= schedule.length; at++) expect(schedule.slice(at, at + 3)).toContain(0)
  })
})
