import { toHex } from '@tallystick/core/codec'
import type { ExecutedReceipt } from '@tallystick/core/ledger'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { accountOf, asset, signed, transfer } from '../testing/test-chain.ts'
import type { StoredEntry } from './stored-receipts.ts'
import { plainPayments, setUp, TestStore } from './testing/test-store.ts'
import { textOf } from './testing/text-of.ts'

/** The statement as the receipts themselves have it. */
function statementOf(name: string, receipts: readonly ExecutedReceipt[]): StoredEntry[] {
  const account = toHex(accountOf(name))
  return receipts.flatMap(({ receipt, entries }) =>
    entries
      .filter(({ entry }) => toHex(entry.account) === account)
      .map((line) => {
        const { id, position, timeMs } = receipt
        return { ...line, transaction: id, height: position.height, index: position.index, timeMs }
      }),
  )
}

test('a statement of thousands of entries is paged from anywhere, over blocks, forms and a reopening', async () => {
  const store = await TestStore.open(temporaryFolder())
  const names = ['alice', 'bob', 'carol']
  await store.run(setUp(names, 1_000_000n, store.nowMs))
  for (let round = 0; round < 5; round++) {
    const { nowMs } = store
    const many = Array.from({ length: 150 }, (_, i) => ({ to: i % 3 === 0 ? 'bob' : 'carol', amount: BigInt(1 + i) }))
    await store.run([
      ...Array.from({ length: 70 }, (_, i) => plainPayments('alice', [{ to: 'bob', amount: BigInt(i + 1) }], nowMs)),
      plainPayments('alice', [...many, { to: 'bob', amount: 10n ** 12n }, ...many], nowMs),
      signed([transfer('bob', 'carol', 3n), transfer('carol', 'alice', 2n)], { nowMs, accounts: ['bob', 'carol'] }),
    ])
  }
  for (const reopened of [false, true]) {
    if (reopened) await store.reopen()
    for (const name of names) {
      const whole = statementOf(name, store.expected)
      expect(whole.map(({ entry }) => entry.sequence)).toEqual(whole.map((_, i) => i))
      const lines = whole.map(textOf)
      const page = (from: number, limit: number) =>
        store.queries.entries(accountOf(name), asset, from, limit).map(textOf)
      expect(page(0, 10_000)).toEqual(lines)
      for (let from = 0; from <= lines.length; from += 397)
        expect(page(from, 100)).toEqual(lines.slice(from, from + 100))
      for (let from = lines.length - 50; from > 0; from -= 211)
        expect(page(from, 50)).toEqual(lines.slice(from, from + 50))
      for (const from of [0, 1, 62, 63, 64, 65, 127, 128, lines.length - 1]) {
        expect(page(from, 1)).toEqual(lines.slice(from, from + 1))
      }
      expect([page(lines.length, 10), page(5, 0)]).toEqual([[], []])
    }
    expect(statementOf('alice', store.expected).length).toBeGreaterThan(1_500)
    expect(store.queries.entries(accountOf('nobody'), asset, 0, 10)).toEqual([])
  }
  await store.close()
}, 60_000)
