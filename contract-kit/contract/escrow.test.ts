import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type BuiltForTest, builtContract } from '../testing/built.ts'
import { idOf, MemoryLedger, nowMs } from '../testing/memory-ledger.ts'
import { Rows } from '../testing/rows.ts'

let escrow: BuiltForTest
let ledger: MemoryLedger
beforeAll(async () => {
  escrow = await builtContract('escrow.ts')
})
beforeEach(() => {
  ledger = new MemoryLedger(escrow.image)
  ledger.credit(buyer, asset, 10_000n)
})

const buyer = idOf('a')
const seller = idOf('b')
const asset = idOf('5')
const funds = [{ account: buyer, asset, amount: '5000' }]
const callers = [{ kind: 'account', id: buyer }]
const deal = { id: 'd1', seller, asset, amount: '3000', dueMs: nowMs + 1_000 }

describe('a contract in the machine', () => {
  test('default: money, rows, events and a booking of one call', () => {
    expect(ledger.call('open', deal, { funds })).toEqual({ output: { fee: '4', booking: 1 } })
    expect(ledger.balance(buyer, asset)).toBe(6_996n)
    expect(ledger.balance(ledger.account, asset)).toBe(3_004n)
    expect(ledger.events).toEqual([{ topic: 'opened', data: { id: 'd1', amount: '3000' } }])
    expect(ledger.bookings.get(1)).toEqual({
      action: 'giveBack',
      input: { id: 'd1' },
      atMs: nowMs + 1_000,
      fuel: 1_000_000,
    })
    expect(ledger.rows[0]!.get('deals/d1')).toBe(
      JSON.stringify({
        id: 'd1',
        buyer,
        seller,
        asset,
        amount: '3000',
        dueMs: nowMs + 1_000,
        state: 'open',
      }),
    )
    expect(ledger.call('pay', { id: 'd1' }, { callers })).toEqual({})
    expect(ledger.balance(seller, asset)).toBe(3_000n)
    expect(ledger.view('deal', { id: 'd1' })).toMatchObject({ state: 'paid', amount: '3000' })
    expect(ledger.view('deal', { id: 'none' })).toBeNull()
  })

  test('behavior: amounts go up to 2^128 - 1', () => {
    const amount = String(2n ** 128n - 1n)
    const row = { text: 'x', number: -(2 ** 53) + 1, amount, flag: true }
    expect(ledger.call('sample', { rows: [row] })).toEqual({})
    expect(ledger.view('samples')).toEqual({ rows: [row] })
  })

  test('behavior: a refusal tells code, message and stack, and nothing of the call remains', () => {
    const { refused } = ledger.call('open', deal)
    expect(refused).toMatchObject({ code: 'NO_FUNDS', message: 'give the money as funds' })
    expect(refused!.stack).toContain('contract:')
    expect(ledger.call('pay', { id: 'd1' }).refused).toMatchObject({ code: 'DEAL_UNKNOWN' })
    ledger.call('open', deal, { funds })
    expect(ledger.call('open', deal, { funds }).refused).toMatchObject({ code: 'DEAL_EXISTS' })
    expect(ledger.balance(buyer, asset)).toBe(6_996n)
  })

  test('behavior: only a caller may do what is for callers', () => {
    ledger.call('open', deal, { funds })
    const { refused } = ledger.call('pay', { id: 'd1' }, { callers: [{ kind: 'account', id: seller }] })
    expect(refused).toMatchObject({ code: 'NOT_AUTHORIZED' })
  })

  test('behavior: what the ledger refuses is a refusal with its code, if it is not caught', () => {
    const big = { ...deal, amount: '20000' }
    const { refused } = ledger.call('open', big, { funds: [{ account: buyer, asset, amount: '90000' }] })
    expect(refused).toMatchObject({ code: 'INSUFFICIENT_FUNDS', message: buyer })
  })

  test('behavior: a row that is not of its schema is refused with the field, before it is written', () => {
    const { refused } = ledger.call('failDeeply', { how: 'row' })
    expect(refused).toMatchObject({ code: 'VALUE_INVALID' })
    expect(refused!.message).toBe('payments.number: 1.5 is not of the schema {"type":"integer"}')
    expect(ledger.rows[0]!.keys()).toEqual([])
  })

  test('error: an action or a view that there is not', () => {
    for (const name of ['other', 'constructor', '__proto__', 'toString']) {
      expect(ledger.call(name, {}).refused).toMatchObject({ code: 'ACTION_UNKNOWN', message: name })
    }
    expect(ledger.call('open', {}, { kind: 'view' }).refused).toMatchObject({ code: 'ACTION_UNKNOWN' })
  })

  test('error: what is thrown is a failure, and so is an action that is async', () => {
    expect(ledger.outcome('failDeeply', { how: 'throw' })).toMatchObject({
      kind: 'threw',
      message: "TypeError: cannot read property 'there' of undefined",
    })
    expect(ledger.outcome('failDeeply', { how: 'async' })).toMatchObject({
      kind: 'threw',
      message: 'TypeError: failDeeply returned something and has no schema of an output',
    })
  })

  test('behavior: a view sees the ledger around it, and has nothing that changes it', () => {
    ledger.credit(ledger.account, asset, 77n)
    expect(ledger.call('around', { asset }, { kind: 'view', callers })).toEqual({
      output: { nowMs, posted: '77', known: ['EUR', '-'], members: ['account'] },
    })
    expect(ledger.logged).toEqual(['looking 2 {"around":"1"}'])
    const there = ledger.view('meddle') as string[]
    expect(there).toEqual(expect.arrayContaining(['tables', 'balance', 'view', 'log', 'get', 'range', 'index']))
    for (const name of [
      'transfer',
      'take',
      'emit',
      'schedule',
      'cancel',
      'call',
      'openAccount',
      'funds',
      'put',
      'delete',
    ]) {
      expect(there).not.toContain(name)
    }
  })

  test('behavior: accounts are opened, bookings are made and cancelled', () => {
    expect(ledger.call('shift', { inMs: 500 })).toEqual({
      output: { account: `${'c'.repeat(62)}07`, cancelled: [true, false] },
    })
    const asked = ledger.questions.find((question) => question.startsWith('s'))!
    expect(JSON.parse(asked.slice(1))).toEqual({
      action: 'giveBack',
      input: { id: 'x' },
      atMs: nowMs + 500,
      everyMs: 86_400_000,
      fuel: 5_000,
    })
  })

  test('behavior: an event of the ledger calls the action that listens', () => {
    const input = { source: ledger.account, topic: 'credited', transaction: idOf('7') }
    const data = { account: seller, asset, amount: '12', debit: buyer }
    ledger.call('noteCredit', { ...input, data })
    ledger.call('noteCredit', { ...input, data: { ...data, amount: '13' } })
    expect(ledger.rows[0]!.entries()).toEqual([
      [`payments/${seller} A1`, JSON.stringify({ account: seller, number: 1, amount: '12' })],
      [`payments/${seller} A2`, JSON.stringify({ account: seller, number: 2, amount: '13' })],
    ])
  })
})

describe('calls of other contracts', () => {
  test('behavior: the called one sees its caller; its failure can be caught, and nothing of it remains', async () => {
    const other = new MemoryLedger((await builtContract('escrow.ts')).image, idOf('d'))
    ledger.others.set(other.contract, other)
    other.credit(buyer, asset, 10_000n)
    other.call('open', deal, { funds })
    const input = { contract: other.contract, id: 'd1' }
    expect(ledger.call('relay', { ...input, isCaught: true })).toEqual({ output: { code: 'NOT_AUTHORIZED' } })
    expect(ledger.call('relay', { ...input, isCaught: false }).refused).toMatchObject({
      code: 'NOT_AUTHORIZED',
      message: `${buyer} is not among the callers`,
    })
    expect(ledger.call('relay', { ...input, contract: idOf('f'), isCaught: true })).toEqual({
      output: { code: 'CONTRACT_UNKNOWN' },
    })
    expect(ledger.call('around', { asset, other: other.contract }, { kind: 'view' }).output).toMatchObject({
      other: '3000',
    })
    const asked = ledger.questions.findLast((question) => question.startsWith('c'))!
    expect(JSON.parse(asked.slice(1))).toEqual({ contract: idOf('f'), action: 'pay', input: { id: 'd1' }, funds: [] })
  })
})

describe('a migration', () => {
  test('behavior: step by step, the rows of the version before become those of the next', async () => {
    for (let i = 0; i < 5; i++) {
      ledger.call('open', { ...deal, id: `d${i}`, amount: `${i + 1}`, dueMs: i * 86_400_000 + 1 }, { funds })
    }
    const next = await builtContract('escrow-2.ts')
    expect(next.manifest.migrates).toBe(true)
    const upgraded = new MemoryLedger(next.image)
    upgraded.rows.splice(0, 1, ledger.rows[0]!)
    upgraded.rows.push(new Rows())
    let cursor: string | null = null
    const cursors: unknown[] = []
    do {
      const { output } = upgraded.call('migrate', cursor, { kind: 'migration' })
      cursor = (output ?? null) as string | null
      cursors.push(cursor)
    } while (cursor !== null)
    expect(cursors).toEqual(['d1', 'd3', null])
    upgraded.generation = 1
    expect(upgraded.view('deals')).toEqual(
      Array.from({ length: 5 }, (_, i) => ({ id: `d${i}`, day: i, buyer, amount: `${i + 1}` })),
    )
    expect(upgraded.rows[1]!.keys().filter((key) => key.startsWith('deals#'))).toHaveLength(5)
    expect(upgraded.call('migrate', null).refused).toMatchObject({ code: 'ACTION_UNKNOWN' })
  })

  test('error: a contract without one', () => {
    expect(ledger.call('migrate', null, { kind: 'migration' }).refused).toMatchObject({ code: 'ACTION_UNKNOWN' })
  })
})
