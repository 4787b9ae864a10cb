import { expect, test } from 'vitest'
import { type Check, CheckQueue } from './check-queue.ts'

const batch: Check = { kind: 'batch', bytes: 300_000 }
const submission: Check = { kind: 'submission', bytes: 50_000 }

function taken(queue: CheckQueue<Check>, count: number): string {
  return Array.from({ length: count }, () => queue.next()?.kind[0] ?? '-').join('')
}

test('a batch comes before submissions that were there first', () => {
  const queue = new CheckQueue<Check>()
  for (const check of [submission, submission, batch]) queue.add(check)
  expect(taken(queue, 4)).toBe('bss-')
})

test('submissions have their share of bytes however many batches wait', () => {
  const queue = new CheckQueue<Check>()
  for (let i = 0; i < 40; i++) queue.add(batch)
  for (let i = 0; i < 40; i++) queue.add(submission)
  expect(taken(queue, 12)).toBe('bssbssbssbss')
  expect(queue.size).toBe(68)
})

test('what was not used of the share does not grow without end', () => {
  const queue = new CheckQueue<Check>()
  for (let i = 0; i < 1_000; i++) queue.add(batch)
  taken(queue, 900)
  for (let i = 0; i < 100; i++) queue.add(submission)
  const next = taken(queue, 40)
  expect(next.indexOf('b')).toBe(21)
})

test('all that wait are taken at once, and none is left', () => {
  const queue = new CheckQueue<Check>()
  for (const check of [submission, batch]) queue.add(check)
  expect(queue.clear()).toEqual([batch, submission])
  expect([queue.size, queue.next()]).toEqual([0, undefined])
})
