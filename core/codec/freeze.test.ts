import { describe, expect, test } from 'vitest'
import { list, option, struct, text, u8, u16, u128, variant } from './index.ts'
import { digestOfSamples, expectFrozen } from './testing/freeze.ts'

const example = struct({
  amount: u128,
  memo: option(text(20)),
  actions: list(variant({ open: [1, struct({ kindOf: u8 })], close: [2, struct({ reason: u16 })] }), 5),
})

test('the form of the combinators is frozen', () => {
  expectFrozen('codec/example', example)
})

describe('a change of format is noticed', () => {
  const frozen = digestOfSamples(struct({ a: u8, b: u16 }))
  test.each([
    ['another width', struct({ a: u8, b: u8 })],
    ['another order', struct({ b: u16, a: u8 })],
    ['a field more', struct({ a: u8, b: u16, c: u8 })],
    ['a limit that moves samples', struct({ a: u8, b: list(u16, 1) })],
  ])('%s', (_, changed) => {
    expect(digestOfSamples<unknown>(changed as never)).not.toBe(frozen)
  })
})

test('error: a name that stands twice, a form that is not frozen', () => {
  expect(() => expectFrozen('codec/example', example)).toThrow('frozen twice')
  if (process.env.UPDATE_VECTORS === '1') return
  expect(() => expectFrozen('codec/never frozen', example)).toThrow(/is not frozen yet.*UPDATE_VECTORS=1/)
})
