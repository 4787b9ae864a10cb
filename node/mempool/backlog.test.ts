import { describe, expect, test } from 'vitest'
import { Backlog } from './backlog.ts'
import { backlogSecondsMax, backlogStepsFloor } from './limits.ts'

describe('what may wait', () => {
  test('the floor, as long as nothing was measured', () => {
    const backlog = new Backlog()
    backlog.ordered(10, false, 0)
    backlog.ordered(10, false, 60_000)
    expect(backlog.stepsMax).toBe(backlogStepsFloor)
    expect(backlog.retryAfterSeconds(0)).toBe(1)
  })

  test('some seconds of what is ordered while work waits all the time', () => {
    const backlog = new Backlog()
    for (let ms = 0; ms <= 5_000; ms += 100) backlog.ordered(30_000, true, ms)
    expect(backlog.stepsMax).toBeCloseTo(300_000 * backlogSecondsMax, -4)
  })

  test('an idle time is no measure, and a slower one is', () => {
    const backlog = new Backlog()
    for (let ms = 0; ms <= 3_000; ms += 100) backlog.ordered(30_000, true, ms)
    backlog.ordered(30_000, false, 3_100)
    const before = backlog.stepsMax
    backlog.ordered(60, false, 600_000)
    backlog.ordered(60, false, 601_500)
    expect(backlog.stepsMax).toBe(before)
    for (let ms = 700_000; ms <= 710_000; ms += 100) backlog.ordered(10_000, true, ms)
    expect(backlog.stepsMax).toBeLessThan(before / 2)
  })

  test('whoever is refused comes back sooner where little waits', () => {
    const backlog = new Backlog()
    expect(backlog.retryAfterSeconds(100_000)).toBeLessThan(backlog.retryAfterSeconds(1_000_000))
    expect(backlog.retryAfterSeconds(1e12)).toBe(10)
  })
})
