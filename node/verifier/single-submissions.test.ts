import { expect, test } from 'vitest'
import type { CheckedTransactions } from './checked-transactions.ts'
import { SingleSubmissions } from './single-submissions.ts'

const gate = { validUntilAfterMs: 0, validUntilMaxMs: 1, stepsRoom: 1 }

test('what comes in one turn is checked together, and each has its place', async () => {
  const sent: { encoded: number[]; ends: number[] }[] = []
  const singles = new SingleSubmissions(async (encoded, ends) => {
    sent.push({ encoded: [...encoded], ends: [...ends] })
    structuredClone(encoded, { transfer: [encoded.buffer] })
    return { count: ends.length } as CheckedTransactions
  })
  const verdicts = await Promise.all(
    [[1], [2, 2], [3, 3, 3]].map((bytes) => singles.verify(Uint8Array.from(bytes), gate)),
  )
  expect(sent).toEqual([{ encoded: [1, 2, 2, 3, 3, 3], ends: [1, 3, 6] }])
  expect(verdicts.map(({ index, checked }) => [index, checked.count])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ])
  // The bytes stay here for the batch, though the thread took its own away.
  for (const { encoded } of verdicts) expect([...encoded]).toEqual([1, 2, 2, 3, 3, 3])
  await singles.verify(Uint8Array.of(4), gate)
  expect(sent[1]).toEqual({ encoded: [4], ends: [1] })
})

test('a flood of one turn is cut into parts, and a failure is told to each', async () => {
  const counts: number[] = []
  const singles = new SingleSubmissions(async (_, ends) => {
    counts.push(ends.length)
    if (counts.length === 2) throw new Error('gone')
    return { count: ends.length } as CheckedTransactions
  })
  const verdicts = await Promise.allSettled(Array.from({ length: 1_500 }, () => singles.verify(Uint8Array.of(1), gate)))
  expect(counts).toEqual([1_024, 476])
  expect(verdicts.filter(({ status }) => status === 'rejected')).toHaveLength(476)
})
