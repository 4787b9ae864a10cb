import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@tallystick/core/codec'
import type { LedgerId } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { StateLog } from './state-log.ts'
import { plainPayments, setUp, TestStore } from './testing/test-store.ts'
import { textOf } from './testing/text-of.ts'

const cleanedBytesMin = 30_000

function logBytes(directory: string): number {
  const state = join(directory, 'state')
  const files = readdirSync(state).filter((name) => name.startsWith('state-'))
  return files.reduce((sum, name) => sum + statSync(join(state, name)).size, 0)
}

test('cleaning keeps the log bounded, and at every moment it restores the same state', async () => {
  const directory = temporaryFolder()
  const store = await TestStore.open(directory, cleanedBytesMin)
  const names = Array.from({ length: 25 }, (_, i) => `account ${i}`)
  await store.run(setUp(names, 1_000_000n, store.nowMs))
  let written = 0
  let largest = 0
  for (let n = 0; n < 80; n++) {
    const from = names[n % names.length]!
    const payments = names.map((to, i) => ({ to, amount: BigInt(1 + i) })).filter(({ to }) => to !== from)
    const before = logBytes(directory)
    await store.run([plainPayments(from, payments, store.nowMs)])
    const after = logBytes(directory)
    written += Math.max(0, after - before)
    largest = Math.max(largest, after)
    if (n % 9 === 0) {
      const root = toHex(store.executor.ledger.stateRoot)
      await store.reopen()
      expect(toHex(store.executor.ledger.stateRoot)).toBe(root)
      store.executor.ledger.audit()
    }
  }
  expect(written).toBeGreaterThan(8 * cleanedBytesMin)
  expect(largest).toBeLessThan(6 * cleanedBytesMin)
  for (const { receipt } of store.expected.slice(-20))
    expect(textOf(store.queries.receipt(receipt.id)?.receipt)).toBe(textOf(receipt))
  await store.close()

  // What no crash leaves behind, since the results were synced before the old segments went.
  const [results] = readdirSync(join(directory, 'state')).filter((name) => name.startsWith('results-'))
  const path = join(directory, 'state', results!)
  truncateSync(path, Math.floor(statSync(path).size / 4))
  const opening = TestStore.open(directory, cleanedBytesMin)
  await expect(opening).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_(DAMAGED|ROOT_DIFFERS)$/) })
}, 60_000)

/** A ledger of three records that are all changed by every block. */
const standIn = {
  changeImages: () => new Uint8Array(3_000).fill(1),
  liveImages: (cursor: number) => ({
    images: new Uint8Array(1_000).fill(2),
    next: cursor < 2 ? cursor + 1 : undefined,
  }),
}
const stateAt = (height: number) => {
  return { height, timeMs: height, stateRoot: new Uint8Array(32), historyPeaks: [] }
}
const segmentsIn = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.log')).length

test('old segments go only once everything beside the log is durable', async () => {
  const directory = temporaryFolder()
  let sync = (): void => {}
  const synced = new Promise<void>((resolve) => {
    sync = resolve
  })
  const options = { directory, ledger: new Uint8Array(32) as LedgerId, cleanedBytesMin: 10_000 }
  const log = await StateLog.open({ ...options, syncOthers: () => synced })
  for (let height = 0; height < 20; height++) log.append(stateAt(height), standIn)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(segmentsIn(directory)).toBe(2)
  sync()
  await log.close()
  expect(segmentsIn(directory)).toBe(1)
  const again = await StateLog.open({ ...options, syncOthers: () => synced })
  const { head, images } = again.read()
  expect(head.height).toBe(19)
  expect([...images].filter((bytes) => bytes[0] === 2).map(({ length }) => length)).toEqual([1_000, 1_000, 1_000])
  await again.close()
})

test('error: a disk that does not take the sync ends the log', async () => {
  const broken = new Error('the disk is gone')
  const log = await StateLog.open({
    directory: temporaryFolder(),
    ledger: new Uint8Array(32) as LedgerId,
    cleanedBytesMin: 10_000,
    syncOthers: () => Promise.reject(broken),
  })
  const fill = async () => {
    for (let height = 0; height < 30; height++) {
      log.append(stateAt(height), standIn)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await expect(fill()).rejects.toBe(broken)
  await log.close()
})
