import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BatchStore } from './batch-store.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const ledger = new Uint8Array(32).fill(7)
const open = (directory: string) => BatchStore.open({ directory, ledger, segmentBytesMax: 8_192 })
const digestOf = (n: number) => new Uint8Array(32).fill(n)
const batchOf = (n: number) => new Uint8Array(1_000).fill(n)

test('a batch is there after a reopening, each once, oldest first', async () => {
  const directory = temporaryFolder()
  const store = await open(directory)
  await Promise.all([store.append(digestOf(2), batchOf(2)), store.append(digestOf(1), batchOf(1))])
  await store.append(digestOf(2), batchOf(2))
  await store.close()
  const again = await open(directory)
  expect([...again.stored()]).toEqual([2, 1].map((n) => ({ digest: digestOf(n), encoded: batchOf(n) })))
  expect([again.has(digestOf(1)), again.read(digestOf(1)), again.read(digestOf(3))]).toEqual([
    true,
    batchOf(1),
    undefined,
  ])
  await again.close()
})

test('the files stay in proportion to what is held, and a batch that is never released stays', async () => {
  const directory = temporaryFolder()
  const store = await open(directory)
  for (let n = 1; n <= 200; n++) {
    await store.append(digestOf(n), batchOf(n))
    if (n > 4 && n - 4 !== 3) store.release([digestOf(n - 4)])
  }
  expect(store.count).toBe(5)
  expect(readdirSync(directory).length).toBeLessThanOrEqual(4)
  expect(store.read(digestOf(3))).toEqual(batchOf(3))
  await store.close()
  const again = await open(directory)
  expect(again.read(digestOf(3))).toEqual(batchOf(3))
  for (const n of [197, 198, 199, 200]) expect(again.has(digestOf(n))).toBe(true)
  await again.close()
})
