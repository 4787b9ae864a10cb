import { expect, test } from 'vitest'
import { exceedsThird, reachedByQuorum } from './stake.ts'

const equal = { stakes: [1n, 1n, 1n, 1n], total: 4n, quorum: 3n }

test('reached by a quorum is the value of the slowest validator that completes the stake', () => {
  expect(reachedByQuorum(equal, [9, 8, 7, 1])).toBe(7)
  expect(reachedByQuorum({ stakes: [10n, 1n, 1n], total: 12n, quorum: 9n }, [3, 9, 9])).toBe(3)
  expect(reachedByQuorum(equal, [0, 0, 5, 5])).toBe(0)
})

test('more than a third is strictly more', () => {
  expect(exceedsThird({ stakes: [], total: 9n, quorum: 7n }, 3n)).toBe(false)
  expect(exceedsThird({ stakes: [], total: 9n, quorum: 7n }, 4n)).toBe(true)
})
