import { expect, test } from 'vitest'
import { describeClocks } from './clock-watch.ts'

const clocks = (a: number, b: number, c: number): Map<string, number> =>
  new Map(Object.entries({ 'node-1': a, 'node-2': b, 'node-3': c }))
const say = (known: Map<string, number>): string | undefined => describeClocks(known, 3, 5_000)

test('clocks within what is allowed are no matter', () => {
  expect(say(clocks(4_999, -4_999, 0))).toBeUndefined()
  expect(say(new Map())).toBeUndefined()
})

test('before most peers have told their clock nobody is blamed', () => {
  expect(say(new Map([['node-2', 300_000]]))).toBeUndefined()
})

test('one peer that is off is named', () => {
  expect(say(clocks(0, 300_400, 10))).toBe("the clock of node-2 is 300 s ahead of this machine's")
  expect(say(clocks(0, 300_400, -60_000))).toBe(
    "the clock of node-2 is 300 s ahead of this machine's; the clock of node-3 is 60 s behind this machine's",
  )
})

test('where most peers differ in one direction, it is the own clock', () => {
  expect(say(clocks(300_000, 299_000, 301_000))).toBe(
    'the clock of this machine is 300 s behind those of node-1, node-2, node-3',
  )
  expect(say(clocks(-300_000, -299_000, 2))).toBe('the clock of this machine is 299 s ahead of those of node-1, node-2')
})

test('of two nodes neither can say which one is off', () => {
  expect(describeClocks(new Map([['node-2', 60_000]]), 1, 5_000)).toBe(
    "the clock of node-2 is 60 s ahead of this machine's",
  )
})
