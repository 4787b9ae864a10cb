import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRefusalLog } from './refusal-log.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first refusal of a kind is logged at once, a flood of it in one line, another kind by itself', () => {
  const lines: string[] = []
  const refused = createRefusalLog((line) => lines.push(line))
  for (let i = 0; i < 1_000; i++) refused('API_RATE_LIMITED', `10.0.0.${i % 7}`)
  refused('API_BAD_HTTP', '10.0.0.9')
  expect(lines).toEqual(['refused API_RATE_LIMITED (10.0.0.0)', 'refused API_BAD_HTTP (10.0.0.9)'])
  vi.advanceTimersByTime(10_000)
  expect(lines.slice(2)).toEqual(['refused API_RATE_LIMITED 999 times more, last (10.0.0.5)'])
  refused('API_RATE_LIMITED', '10.0.0.1')
  expect(lines.slice(3)).toEqual(['refused API_RATE_LIMITED (10.0.0.1)'])
})
