import { beforeAll, describe, expect, test } from 'vitest'
import type { EvaluatedContract } from '../build/index.ts'
import type { JsonValue } from '../schema/json-schema.ts'
import { builtContract } from '../testing/built.ts'
import { idOf, MemoryLedger } from '../testing/memory-ledger.ts'
import { randomFrom } from '../testing/random.ts'

let escrow: EvaluatedContract
beforeAll(async () => {
  escrow = await builtContract('escrow.ts')
})

const buyers = { a: idOf('a'), b: idOf('b') }
const asset = idOf('5')

interface DealFields {
  readonly id: string
  readonly buyer?: string
  readonly dueMs?: number
  readonly priority?: number
}

function openedLedger(deals: readonly DealFields[]): MemoryLedger {
  const ledger = new MemoryLedger(escrow.image)
  for (const deal of deals) open(ledger, deal)
  return ledger
}

function open(ledger: MemoryLedger, { id, buyer = buyers.a, dueMs = 1, priority }: DealFields): void {
  ledger.credit(buyer, asset, 1_000n)
  const input = { id, seller: idOf('d'), asset, amount: '100', dueMs, ...(priority !== undefined && { priority }) }
  const { refused } = ledger.call('open', input, { funds: [{ account: buyer, asset, amount: '1000' }] })
  if (refused !== undefined) throw new Error(refused.message)
}

const keysOf = (ledger: MemoryLedger, prefix: string) => ledger.rows[0]!.keys().filter((key) => key.startsWith(prefix))
const ids = (ledger: MemoryLedger, order: string, range: JsonValue) =>
  ledger.view('deals', { order, range }) as { ids: string[]; cursor?: string }

/** Page after page, to the end. */
function allPages(ledger: MemoryLedger, order: string, range: Readonly<Record<string, JsonValue>>): string[][] {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const page = ids(ledger, order, { ...range, ...(cursor !== undefined && { cursor }) })
    pages.push(page.ids)
    cursor = page.cursor
  } while (cursor !== undefined && pages.length < 100)
  return pages
}

describe('rows of tables', () => {
  const ten = Array.from({ length: 10 }, (_, i) => ({
    id: `d${i}`,
    dueMs: 10 ** (i % 5),
    buyer: buyers[i % 2 ? 'a' : 'b'],
  }))

  test('behavior: ranges go both ways, page by page, and no row is missed or seen twice', () => {
    const ledger = openedLedger(ten)
    const up = ten.map(({ id }) => id)
    expect(allPages(ledger, 'key', {}).flat()).toEqual(up)
    for (const limit of [1, 3, 10, 11]) {
      expect(allPages(ledger, 'key', { limit }).flat()).toEqual(up)
      expect(allPages(ledger, 'key', { limit, reverse: true }).flat()).toEqual([...up].reverse())
      expect(allPages(ledger, 'key', { limit, from: 'd3', to: 'd7' }).flat()).toEqual(['d3', 'd4', 'd5', 'd6'])
      expect(allPages(ledger, 'key', { limit, from: 'd3', to: 'd7', reverse: true }).flat()).toEqual([
        'd6',
        'd5',
        'd4',
        'd3',
      ])
    }
    expect(ids(ledger, 'key', { prefix: 'd4' })).toEqual({ ids: ['d4'] })
    expect(ids(ledger, 'key', { limit: 10 }).cursor).toBe('d9')
    expect(ids(ledger, 'key', { limit: 10, cursor: 'd9' })).toEqual({ ids: [] })
  })

  test('behavior: a cursor never leads out of its range', () => {
    const ledger = openedLedger(ten)
    expect(ids(ledger, 'key', { from: 'd8', cursor: 'd1' }).ids).toEqual(['d8', 'd9'])
    expect(ids(ledger, 'key', { to: 'd2', cursor: 'd8', reverse: true }).ids).toEqual(['d1', 'd0'])
    const of = (cursor: string, reverse = false) => ids(ledger, 'byBuyer', { prefix: buyers.b, cursor, reverse }).ids
    for (const low of ['', ' ', 'a', buyers.a]) expect(of(low)).toEqual(['d0', 'd2', 'd4', 'd6', 'd8'])
    expect(of('zzz')).toEqual([])
    expect(of('zzz', true)).toEqual(['d8', 'd6', 'd4', 'd2', 'd0'])
    expect(of('', true)).toEqual([])
  })

  test.each([
    ['a cursor that is no text', 'key', { cursor: 5 }, 'CURSOR_INVALID'],
    ['a field that is not leading', 'byDue', { to: { dueMs: 5 } }, 'KEY_INVALID'],
    ['a field that is not in the index', 'byDue', { to: { state: 'open', amount: '5' } }, 'KEY_INVALID'],
    ['a value beside a prefix', 'byDue', { prefix: 'open', to: 5 }, 'KEY_INVALID'],
    ['a field of another type', 'byDue', { prefix: { state: 'open' }, to: { dueMs: '5' } }, 'KEY_INVALID'],
  ])('error: %s', (_, order, range, code) => {
    const { refused } = openedLedger([]).call('deals', { order, range }, { kind: 'view' })
    expect(refused).toMatchObject({ code })
  })

  test('args: bounds that say nothing are as none', () => {
    const ledger = openedLedger(ten)
    expect(ids(ledger, 'byDue', { prefix: 'open', from: {}, to: {} }).ids).toHaveLength(10)
    expect(ids(ledger, 'key', { prefix: {}, from: {}, to: {} }).ids).toHaveLength(10)
    expect(ids(ledger, 'byDue', { from: 'open', to: 'open!' }).ids).toHaveLength(10)
    expect(ids(ledger, 'byDue', { from: { state: 'open', dueMs: 100 }, to: 'paid' }).ids).toHaveLength(6)
  })

  test('behavior: rows that are cut off by the size of an answer come on the next page', () => {
    const { image } = escrow
    const ledger = new MemoryLedger(image)
    const rows = Array.from({ length: 6 }, (_, i) => ({
      text: `${i}${'x'.repeat(100)}`,
      number: i,
      amount: '0',
      flag: true,
    }))
    ledger.call('sample', { rows })
    ledger.rangeUnitsMax = 600
    const first = ledger.view('samples') as { rows: { number: number }[]; cursor: string }
    expect(first.rows.map(({ number }) => number)).toEqual([0, 1])
    const second = ledger.view('samples', { cursor: first.cursor }) as typeof first
    expect(second.rows.map(({ number }) => number)).toEqual([2, 3])
  })

  test('behavior: a composite key sorts by its fields, and a prefix finds the rest', () => {
    const { random, seed } = randomFrom()
    const ledger = new MemoryLedger(escrow.image)
    const texts = ['', 'a', 'a b', 'a!', 'ab', 'b', '\uffee', '😀']
    const rows = Array.from({ length: 40 }, () => ({
      text: texts[random(texts.length)]!,
      number: random(300) - 150,
      amount: String(random(2) === 0 ? random(200) : 10 ** random(16)),
      flag: random(2) === 0,
    }))
    ledger.call('sample', { rows })
    const wanted = new Map(rows.map((row) => [JSON.stringify(row), row]))
    const sorted = [...wanted.values()].sort(
      (a, b) =>
        texts.indexOf(a.text) - texts.indexOf(b.text) ||
        a.number - b.number ||
        Number(a.amount) - Number(b.amount) ||
        Number(a.flag) - Number(b.flag),
    )
    const read = (options: Readonly<Record<string, JsonValue>>) => {
      const all: JsonValue[] = []
      let cursor: string | undefined
      do {
        const page = ledger.view('samples', { ...options, ...(cursor !== undefined && { cursor }) }) as {
          rows: JsonValue[]
          cursor?: string
        }
        all.push(...page.rows)
        cursor = page.cursor
      } while (cursor !== undefined)
      return all
    }
    expect(read({}), `seed ${seed}`).toEqual(sorted)
    for (const text of texts) {
      expect(read({ text }), `seed ${seed}, "${text}"`).toEqual(sorted.filter((row) => row.text === text))
    }
  })
})

describe('indexes', () => {
  test('behavior: their entries come, move and go with the row', () => {
    const ledger = openedLedger([
      { id: 'x', dueMs: 30, priority: -5 },
      { id: 'y', dueMs: 200, buyer: buyers.b },
    ])
    expect(keysOf(ledger, 'deals')).toEqual([
      `deals#byBuyer/${buyers.a} x`,
      `deals#byBuyer/${buyers.b} y`,
      'deals#byDue/open B30 x',
      'deals#byDue/open C200 y',
      'deals#byPriority/-P4 x',
      'deals/x',
      'deals/y',
    ])
    expect(ledger.rows[0]!.get('deals#byDue/open B30 x')).toBe('x')
    expect(ledger.view('due', { beforeMs: 200 })).toEqual(['x'])
    expect(ledger.view('due', { beforeMs: 201 })).toEqual(['x', 'y'])

    ledger.call('pay', { id: 'x' }, { callers: [{ kind: 'account', id: buyers.a }] })
    expect(keysOf(ledger, 'deals#byDue')).toEqual(['deals#byDue/open C200 y', 'deals#byDue/paid B30 x'])
    ledger.call('prioritize', { id: 'x' })
    ledger.call('prioritize', { id: 'y', priority: 7 })
    expect(keysOf(ledger, 'deals#byPriority')).toEqual(['deals#byPriority/A7 y'])
    expect(ids(ledger, 'byPriority', {}).ids).toEqual(['y'])

    expect(ledger.call('remove', { id: 'x' }).output).toBe(true)
    expect(ledger.call('remove', { id: 'x' }).output).toBe(false)
    expect(keysOf(ledger, 'deals')).toEqual([
      `deals#byBuyer/${buyers.b} y`,
      'deals#byDue/open C200 y',
      'deals#byPriority/A7 y',
      'deals/y',
    ])
  })

  test('behavior: an entry that does not change is not written, and a row that was read is not read again', () => {
    const ledger = openedLedger([{ id: 'x' }])
    ledger.questions.length = 0
    ledger.call('prioritize', { id: 'x', priority: 1 })
    expect(ledger.questions.map((question) => question.replace(/\{.*/, ''))).toEqual([
      'gdeals/x',
      'p7:deals/x',
      'p21:deals#byPriority/A1 xx',
    ])
  })

  test('behavior: indexes stay those of the rows through random changes', () => {
    const { random, seed } = randomFrom()
    const ledger = new MemoryLedger(escrow.image)
    for (let step = 0; step < 120; step++) {
      const id = `d${random(6)}`
      const priority = random(40) - 20
      if (random(3) > 0) ledger.call('prioritize', random(4) === 0 ? { id } : { id, priority })
      else if (random(2) === 0) ledger.call('remove', { id })
      else if (ledger.view('deal', { id }) === null) open(ledger, { id, priority, dueMs: random(50), buyer: buyers.b })
      const rows = keysOf(ledger, 'deals/').map((key) => JSON.parse(ledger.rows[0]!.get(key)!) as Required<DealFields>)
      const expected = {
        byBuyer: rows.map((row) => row.id),
        byDue: [...rows].sort((a, b) => a.dueMs - b.dueMs || (a.id < b.id ? -1 : 1)).map((row) => row.id),
        byPriority: rows
          .filter((row) => row.priority !== undefined)
          .sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
          .map((row) => row.id),
      }
      for (const [order, wanted] of Object.entries(expected)) {
        expect(ids(ledger, order, {}).ids, `seed ${seed}, step ${step}, ${order}`).toEqual(wanted)
      }
    }
  })

  test('error: a write that is refused in its middle can not be caught away', () => {
    const ledger = openedLedger([{ id: 'x' }])
    ledger.refusing = { begins: 'p22:deals#byPriority', answer: '!CONTRACT_ROW_INVALID no room' }
    const { refused } = ledger.call('prioritizeAndCatch', { id: 'x', priority: 22 })
    expect(refused).toMatchObject({ code: 'CONTRACT_ROW_INVALID', message: 'no room' })
  })
})
