import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@tallystick/core/codec'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
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
}, 60_000)
