import { expect, test } from 'vitest'
import { InFlightBytes } from './in-flight-bytes.ts'

test('beyond the limit the oldest are cut, once, until the rest fits', () => {
  const inFlight = new InFlightBytes(100)
  const cut: string[] = []
  const [first, second, third] = ['first', 'second', 'third'].map((name) => inFlight.enter(() => cut.push(name))) as [
    ReturnType<InFlightBytes['enter']>,
    ReturnType<InFlightBytes['enter']>,
    ReturnType<InFlightBytes['enter']>,
  ]
  first.add(40)
  second.add(60)
  expect([cut, inFlight.bytes]).toEqual([[], 100])
  third.add(50)
  expect([cut, inFlight.bytes]).toEqual([['first', 'second'], 50])
  first.add(1_000)
  first.done()
  expect([cut, inFlight.bytes]).toEqual([['first', 'second'], 50])
  third.done()
  third.done()
  expect(inFlight.bytes).toBe(0)
})
