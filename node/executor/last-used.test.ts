import { expect, test } from 'vitest'
import { LastUsed } from './last-used.ts'

test('what was not used longest goes first, by size', () => {
  const kept = new LastUsed<string, string>(10, (value) => value.length)
  kept.set('a', '1234')
  kept.set('b', '1234')
  expect(kept.get('a')).toBe('1234')
  kept.set('c', '1234')
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual(['1234', undefined, '1234'])
  kept.set('a', '1')
  kept.set('d', '12345')
  expect([kept.get('a'), kept.get('c'), kept.get('d')]).toEqual(['1', '1234', '12345'])
  kept.set('large', '12345678901')
  expect(kept.get('large')).toBeUndefined()
  expect(kept.getOrMake('e', () => 'x')).toBe('x')
  expect(kept.getOrMake('e', () => 'y')).toBe('x')
})
