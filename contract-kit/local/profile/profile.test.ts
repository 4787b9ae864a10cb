import { expect, test } from 'vitest'
import { instrument } from './instrument.ts'

test('questions stand before statements and in arrow functions, and the script does the same', () => {
  const script =
    "'use strict';\nconst f = (a) => (a + 1);\nconst g = (a) => ({ a });\nif (f(1) === 2) globalThis.answer = f(f(2)) + g(5).a;\nswitch (1) { case 1: globalThis.more = (() => { return 7 })() }\n"
  const mappings = script
    .split('\n')
    .map((_, i) => (i === 0 ? 'AAAA' : 'AACA'))
    .join(';')
  const { script: asking, places } = instrument(
    script,
    JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings }),
  )
  const asked: string[] = []
  const scope = globalThis as { answer?: number; more?: number }
  new Function('host', asking)((question: string) => asked.push(question))
  expect([scope.answer, scope.more]).toEqual([9, 7])
  expect(new Set(places.map(({ line }) => line))).toEqual(new Set([2, 3, 4, 5]))
  expect(asked.length).toBeGreaterThan(6)
})
