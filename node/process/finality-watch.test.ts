import { expect, test } from 'vitest'
import { type FinalitySigns, FinalityWatch } from './finality-watch.ts'

const wallMs = Date.parse('2027-01-01T00:00:00Z')
const signs = (nowMs: number, changes: Partial<FinalitySigns> = {}): FinalitySigns => ({
  nowMs,
  working: true,
  finalizedHeight: 7,
  view: 9,
  others: [
    { name: 'node-2', silenceMs: 900 },
    { name: 'node-3', silenceMs: nowMs - 1_000 },
    { name: 'node-4', silenceMs: undefined },
  ],
  ...changes,
})

test('work without finality is told after a while, with who is silent since when', () => {
  const watch = new FinalityWatch()
  expect(watch.look(signs(2_000), wallMs)).toBeUndefined()
  expect(watch.look(signs(6_999), wallMs)).toBeUndefined()
  expect(watch.look(signs(7_000), wallMs)).toBe(
    'nothing became final since 2026-12-31T23:59:55.000Z, above height 7 in view 9; ' +
      'silent are node-3 (since 2026-12-31T23:59:54.000Z), node-4 (not heard yet)',
  )
  expect(watch.look(signs(8_000, { others: [] }), wallMs)).toContain('every validator is heard')
})

test('new finality or the end of work ends it', () => {
  const watch = new FinalityWatch()
  for (const changes of [{ finalizedHeight: 8 }, { working: false }]) {
    watch.look(signs(0), wallMs)
    expect(watch.look(signs(9_000), wallMs)).toBeDefined()
    expect(watch.look(signs(9_001, changes), wallMs)).toBeUndefined()
    expect(watch.look(signs(10_000), wallMs)).toBeUndefined()
    watch.look(signs(11_000, { working: false }), wallMs)
  }
})
