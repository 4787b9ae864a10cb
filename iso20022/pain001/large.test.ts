import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { exampleAccounts } from '../example/accounts.ts'
import { streamExample } from '../example/generate.ts'
import type { ExampleOptions } from '../example/plan.ts'
import { readPain001 } from './read.ts'
import { BLOCK_TIME_MS } from './testing/small-file.ts'

// Asks for collections, so that what is measured is what is held and not what is yet to be collected.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const MIB = 1 << 20
const PAYMENTS = 100_000
const OPTIONS: ExampleOptions = {
  businessDate: '2026-11-20',
  messageId: 'LARGE-1',
  debtors: [
    ...exampleAccounts({ seed: 'large', currency: 'EUR', kind: 'company', count: 1 }),
    ...exampleAccounts({ seed: 'large', currency: 'JPY', kind: 'company', count: 1 }),
  ],
  creditors: (['EUR', 'JPY'] as const).flatMap((currency) => [
    ...exampleAccounts({ seed: 'large', currency, kind: 'person', count: 50 }),
    ...exampleAccounts({ seed: 'creditors', currency, kind: 'company', count: 50 }),
  ]),
  payments: PAYMENTS,
}

/** The file in chunks, which lie outside of the heap. */
function* chunksOf(pieces: Iterable<string>): Generator<Uint8Array> {
  let pending = ''
  for (const piece of pieces) {
    pending += piece
    if (pending.length < 1 << 16) continue
    yield Buffer.from(pending)
    pending = ''
  }
  yield Buffer.from(pending)
}

test('100,000 payments are checked and delivered while the heap stays far below the size of the file', async () => {
  const chunks = [...chunksOf(streamExample(OPTIONS))]
  const fileBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  collect()
  const startBytes = process.memoryUsage().heapUsed
  let peakBytes = 0
  function* open(): Generator<Uint8Array> {
    for (const [index, chunk] of chunks.entries()) {
      yield chunk
      if (index % 100 !== 0) continue
      collect()
      peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed - startBytes)
    }
  }
  const result = await readPain001({ open }, { blockTimeMs: BLOCK_TIME_MS })
  expect([result.accepted, result.problems]).toEqual([true, []])
  expect(result.file?.numberOfTransactions).toBe(PAYMENTS)
  let [count, sum] = [0, 0n]
  for await (const payment of result.payments()) {
    count += 1
    sum += payment.amountMinor
    if (payment.ordinal !== count) throw new Error(`payment ${payment.ordinal} came as number ${count}`)
  }
  expect(count).toBe(PAYMENTS)
  expect(sum).toBe([...result.file!.totals.values()].reduce((total, { amountMinor }) => total + amountMinor, 0n))
  expect(fileBytes).toBeGreaterThan(50 * MIB)
  console.log(
    `${PAYMENTS} payments, ${Math.round(fileBytes / MIB)} MiB: heap grew by ${Math.round(peakBytes / MIB)} MiB at most`,
  )
  expect(peakBytes).toBeLessThan(40 * MIB)
}, 240_000)
