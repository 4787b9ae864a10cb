import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@tallystick/core/codec'
import { describe, expect, onTestFailed, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { accountOf, asset, member, signed, transfer } from '../testing/test-chain.ts'
import { ExecutorError } from './errors.ts'
import type { Queries } from './queries.ts'
import { plainPayments, setUp, TestStore } from './testing/test-store.ts'
import { textOf } from './testing/text-of.ts'

const names = ['alice', 'bob', 'carol', 'dave']
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** A small generator, so that a failure can be repeated with its seed. */
function randomFrom(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Blocks of single, packed and other transactions. */
async function fill(store: TestStore, blocks: number, random: (below: number) => number): Promise<void> {
  if (store.executor.height === 0) await store.run(setUp(names, 1_000_000n, store.nowMs))
  for (let n = 0; n < blocks; n++) {
    const { nowMs } = store
    const someone = () => names[random(names.length)]!
    const payment = () => ({ to: someone(), amount: BigInt(1 + random(400_000)) })
    const single = Array.from({ length: random(12) }, () => plainPayments(someone(), [payment()], nowMs))
    const packed = plainPayments(someone(), Array.from({ length: 1 + random(30) }, payment), nowMs)
    const other = signed([transfer('alice', 'bob', 1n)], { nowMs, accounts: ['alice'] })
    await store.run(random(4) === 0 ? [] : [...single, packed, other])
  }
}

/** Everything that the store answers. */
async function answersOf(queries: Queries, store: TestStore): Promise<string> {
  const ids = store.expected.map(({ receipt }) => receipt.id)
  const height = queries.height()
  return textOf({
    receipts: ids.map((id) => queries.receipt(id)),
    outcomes: queries.outcomes(ids),
    proofs: ids
      .slice(-3)
      .map((id) => queries.receiptParts(id, { items: 'all', entries: [0], events: 'all', components: 'all' }, height)),
    blocks: Array.from({ length: height + 1 }, (_, at) => queries.block(at)),
    touched: Array.from({ length: height + 1 }, (_, at) => queries.touched(at, { fromIndex: 0, limit: 100 })),
    history: Array.from({ length: height + 1 }, (_, at) => queries.historyProof(at, height)),
    statements: names.map((name) => queries.entries(accountOf(name), asset, 0, 10_000)),
    accounts: await queries.accounts({ limit: 100 }),
    ofMember: await queries.accounts({ limit: 2, member }),
    assets: await queries.assets({ limit: 100 }),
    members: await queries.members({ limit: 100 }),
    positions: await queries.positions(accountOf('alice'), { limit: 100 }),
  })
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.log'))
    .map((file) => join(file.parentPath, file.name))
    .sort()
}

describe('the store', () => {
  test('makes receipts as the ledger made them, of every form', async () => {
    onTestFailed(() => console.error(`SEED=${seed}`))
    const store = await TestStore.open(temporaryFolder())
    await fill(store, 12, randomFrom(seed))
    for (const reopened of [false, true]) {
      if (reopened) await store.reopen()
      for (const { receipt, items, entries, events, transaction } of store.expected) {
        const stored = store.queries.receipt(receipt.id)
        expect(textOf(stored)).toBe(textOf({ receipt, items, entries, events }))
        expect(textOf(store.queries.transaction(receipt.id))).toBe(textOf({ kind: 'whole', transaction }))
        const { height, index } = receipt.position
        expect(store.queries.outcomes([receipt.id])).toEqual([{ height, index, result: receipt.result }])
        const [touched] = store.queries.touched(height, { fromIndex: index, limit: 1 })
        expect(touched?.id).toEqual(receipt.id)
        expect(new Set(touched?.accounts.map(toHex))).toEqual(new Set(entries.map(({ entry }) => toHex(entry.account))))
      }
      const accounts = await store.queries.accounts({ limit: 100 })
      expect(accounts.map(({ id }) => toHex(id))).toEqual(['issuance', ...names].map((n) => toHex(accountOf(n))).sort())
    }
    await store.close()
  })

  test('cut anywhere, it gives the same answers once the blocks above are executed again', async () => {
    onTestFailed(() => console.error(`SEED=${seed}`))
    const random = randomFrom(seed)
    const directory = temporaryFolder()
    const store = await TestStore.open(directory)
    await fill(store, 15, random)
    const expected = await answersOf(store.queries, store)
    const root = toHex(store.executor.ledger.stateRoot)
    await store.executor.close()
    cpSync(join(directory, 'state'), join(directory, 'whole'), { recursive: true })
    let cutHeights = 0
    for (let round = 0; round < 16; round++) {
      const copy = join(directory, `copy-${round}`)
      cpSync(join(directory, 'whole'), copy, { recursive: true })
      const files = filesOf(copy)
      // One file at a time, in turn; then all of them.
      const cut = round < 10 ? [files[round % files.length]!] : files
      for (const file of cut) truncateSync(file, random(statSync(file).size + 1))
      const opened = await store.openCopy(`copy-${round}`)
      if (opened.openedHeight < store.blocks.height) cutHeights++
      expect(toHex(opened.executor.ledger.stateRoot)).toBe(root)
      expect(await answersOf(opened.queries, store)).toBe(expected)
      await opened.executor.close()
      rmSync(copy, { recursive: true })
    }
    expect(cutHeights).toBeGreaterThan(8)
    await store.blocks.close()
  }, 60_000)

  test('error: a byte that changed before the end is told by code, and the store is made anew without its folder', async () => {
    const directory = temporaryFolder()
    const store = await TestStore.open(directory)
    await fill(store, 8, randomFrom(seed))
    const root = toHex(store.executor.ledger.stateRoot)
    await store.executor.close()
    const whole = join(directory, 'state')
    const manifest = readdirSync(join(whole, 'index')).find((name) => name.startsWith('MANIFEST'))!
    for (const [i, path] of ['results-00000001.log', 'state-00000001.log', join('index', manifest)].entries()) {
      const name = `damaged ${i}`
      const copy = join(directory, name)
      cpSync(whole, copy, { recursive: true })
      const bytes = readFileSync(join(copy, path))
      bytes[i < 2 ? 300 : 10]! ^= 1
      writeFileSync(join(copy, path), bytes)
      const opening = store.openCopy(name)
      await expect(opening).rejects.toBeInstanceOf(ExecutorError)
      await expect(opening).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
      rmSync(copy, { recursive: true })
      const anew = await store.openCopy(name)
      expect([anew.openedHeight, toHex(anew.executor.ledger.stateRoot)]).toEqual([0, root])
      await anew.executor.close()
    }
    await store.blocks.close()
  })

  test('error: a receipt whose block files are gone says so', async () => {
    const directory = temporaryFolder()
    const store = await TestStore.open(directory)
    await fill(store, 2, randomFrom(seed))
    await store.close()
    rmSync(join(directory, 'blocks'), { recursive: true })
    const again = await TestStore.open(directory)
    const { id } = store.expected.at(-1)!.receipt
    expect(again.queries.outcomes([id])).toHaveLength(1)
    expect(() => again.queries.receipt(id)).toThrow(expect.objectContaining({ code: 'STORE_AHEAD_OF_BLOCKS' }))
    await again.close()
  })

  test('error: a store of format 1 is refused', async () => {
    const directory = temporaryFolder()
    const state = join(directory, 'state')
    mkdirSync(state)
    writeFileSync(join(state, 'CURRENT'), 'MANIFEST-000002\n')
    await expect(TestStore.open(directory)).rejects.toMatchObject({ code: 'STORE_FORMAT_OTHER' })
  })
})
