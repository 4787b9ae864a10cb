import { toHex } from '@tallystick/core/codec'
import {
  type ContractId,
  type JsonValue,
  type ReceiptProof,
  type ResultCode,
  resultOfNumber,
  transactionIdOf,
  trustGenesis,
  verifyReceiptProof,
} from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { finalityOf, genesis, ledger, member, signed } from '../testing/test-chain.ts'
import { callCounter, counterSource, deployCounter } from '../testing/test-contract.ts'
import type { ExecutionReport } from './executor.ts'
import type { EventFilter } from './stored-receipts.ts'
import { TestStore } from './testing/test-store.ts'
import { textOf } from './testing/text-of.ts'

const { contract, action: deploy } = deployCounter(member)
const everything = { items: 'all', entries: 'all', events: 'all', components: [] } as const

function resultsOf(report: ExecutionReport): ResultCode[] {
  return [...report.results].map(resultOfNumber)
}

test('events of contracts are kept with their receipts, and proven one by one, also after a restart', async () => {
  const store = await TestStore.open(temporaryFolder())
  const add = (name: string, by: number) => callCounter(contract, 'add', { name, by }, member)
  await store.run([signed([deploy], { nowMs: store.nowMs })])
  const twice = signed([add('a', 2), add('b', 3)], { nowMs: store.nowMs, together: false })
  const refused = signed([callCounter(contract, 'ask', ['!refuse'], member)], { nowMs: store.nowMs })
  expect(resultsOf(await store.run([twice, refused]))).toEqual(['OK', 'CONTRACT_REFUSED'])
  await store.run([])
  const id = transactionIdOf(twice.body)
  for (const reopened of [false, true]) {
    if (reopened) await store.reopen()
    for (const { receipt, items, entries, events } of store.expected)
      expect(textOf(store.queries.receipt(receipt.id))).toBe(textOf({ receipt, items, entries, events }))
    const events = store.queries.receipt(id)!.events.map(({ event: { action, topic, data } }) => [action, topic, data])
    expect(events).toEqual([
      [0, 'counted', '{"name":"a","total":2}'],
      [0, 'returned', '2'],
      [1, 'counted', '{"name":"b","total":3}'],
      [1, 'returned', '3'],
    ])
    const refusal = store.queries.receipt(transactionIdOf(refused.body))!.events
    expect(refusal.map(({ event }) => [event.topic, event.data])).toEqual([
      ['refused', '{"code":"NOT_TODAY","message":"closed"}'],
    ])

    const { tip } = store
    const prove = (wanted: 'all' | number[]): ReceiptProof => {
      const parts = store.queries.receiptParts(id, { ...everything, events: wanted }, tip.executed.height)
      if (parts === undefined || parts === 'pending') throw new Error(`no proof: ${parts}`)
      return { version: 1, anchor: { ledger, epochs: [], header: tip, finality: finalityOf(tip) }, ...parts }
    }
    verifyReceiptProof(trustGenesis(genesis), prove('all'))
    const one = prove([2])
    expect(one.events.map(({ index, count, event }) => [index, count, toHex(event.source)])).toEqual([
      [2, 4, toHex(contract)],
    ])
    verifyReceiptProof(trustGenesis(genesis), one)
    const forged = { ...one, events: one.events.map((part) => ({ ...part, event: { ...part.event, data: '4' } })) }
    expect(() => verifyReceiptProof(trustGenesis(genesis), forged)).toThrow(
      expect.objectContaining({ code: 'PROOF_EVENT' }),
    )
  }
  await store.close()
})

test('what a schedule does has a receipt of its own, and is the same when blocks are executed again', async () => {
  const store = await TestStore.open(temporaryFolder())
  const begin = store.nowMs
  const { action } = deployCounter(member, { firstAtMs: begin + 3_000 })
  await store.run([signed([action], { nowMs: begin })])
  expect(store.queries.dueWork(begin + 2_999)).toBe(false)
  expect(store.queries.dueWork(begin + 3_000)).toBe(true)
  expect(resultsOf(await store.run([]))).toEqual([])
  expect(resultsOf(await store.run([]))).toEqual(['OK'])
  expect(store.queries.dueWork(begin + 3_000)).toBe(false)
  const { receipt, events, transaction } = store.expected.at(-1)!
  expect([transaction, events.map(({ event }) => event.data)]).toEqual([undefined, ['{"name":"beats","total":1}']])
  expect(textOf(store.queries.receipt(receipt.id)?.events)).toBe(textOf(events))
  expect(store.queries.contractNotes(contract, undefined, 10)).toMatchObject([
    {
      height: 3,
      code: toHex(store.queries.contract(contract)!.record.code),
      transaction: toHex(receipt.id),
      name: 'beat',
      lines: ['one more for beats'],
    },
  ])
  const again = await store.openCopy('again')
  expect(again.openedHeight).toBe(0)
  expect(toHex(again.executor.ledger.stateRoot)).toBe(toHex(store.executor.ledger.stateRoot))
  await again.executor.close()
  await store.close()
})

test('contracts, codes, rows, bookings and views are read as the state stands', async () => {
  const store = await TestStore.open(temporaryFolder())
  const begin = store.nowMs
  const names = ['a', 'b', 'c', 'd', 'e']
  await store.run([signed([deploy], { nowMs: begin })])
  const add = names.map((name, i) => callCounter(contract, 'add', { name, by: i + 1 }, member))
  const later = callCounter(contract, 'addLater', { name: 'a', inMs: 90_000 }, member)
  await store.run([signed([...add, later], { nowMs: begin })])
  for (const reopened of [false, true]) {
    if (reopened) await store.reopen()
    const { queries } = store
    const { record, manifest } = queries.contract(contract)!
    expect([record.name, record.status, JSON.parse(manifest).name]).toEqual(['counter', 'active', 'counter'])
    expect(queries.code(record.code)?.source).toBe(counterSource)
    expect((await queries.contracts({ limit: 10, member })).map(({ id }) => toHex(id))).toEqual([toHex(contract)])
    expect(await queries.contracts({ limit: 10, after: contract })).toEqual([])

    const keysOf = (asked: Parameters<typeof queries.contractRows>[1]) => {
      const { rows, next } = queries.contractRows(contract, asked)!
      return [rows.map(({ key }) => key.slice('counter/'.length)).join(''), next]
    }
    expect(keysOf({ limit: 10 })).toEqual(['abcde', undefined])
    expect(keysOf({ limit: 2 })).toEqual(['ab', 'counter/c'])
    expect(keysOf({ limit: 2, from: 'counter/c' })).toEqual(['cd', 'counter/e'])
    expect(keysOf({ limit: 2, reverse: true })).toEqual(['ed', 'counter/d'])
    expect(keysOf({ limit: 2, reverse: true, to: 'counter/d' })).toEqual(['cb', 'counter/b'])
    expect(keysOf({ limit: 5, from: 'counter/b', to: 'counter/d' })).toEqual(['bc', undefined])

    expect(queries.contractBookings(contract, 10)).toMatchObject([
      { number: 0, booking: { name: 'beat', input: '{"name":"a"}', dueMs: begin + 92_000 } },
    ])
    const view = (name: string, input: JsonValue, fuel = 5_000_000) => queries.view(contract, name, input, fuel)
    expect(view('total', { name: 'c' })).toMatchObject({ height: 2, end: { kind: 'done', output: '3' } })
    expect(view('total', {}).end).toMatchObject({
      result: 'CONTRACT_INPUT_INVALID',
      told: { message: 'input.name: missing' },
    })
    expect(view('sum', {}).end).toMatchObject({ result: 'CONTRACT_ACTION_UNKNOWN' })
    expect(view('ask', ['!loop'], 100_000).end).toMatchObject({ result: 'CONTRACT_FUEL_EXCEEDED' })
    expect(view('ask', ['p1:ab']).end).toMatchObject({ output: '["!CONTRACT_READ_ONLY ask"]' })
  }
  await store.close()
})

test('readers of events are shown those of one contract, or of one of its topics', async () => {
  const store = await TestStore.open(temporaryFolder())
  await store.run([signed([deploy], { nowMs: store.nowMs })])
  await store.run([signed([callCounter(contract, 'add', { name: 'a', by: 1 }, member)], { nowMs: store.nowMs })])
  const shown = (events?: EventFilter) => {
    const [{ eventCount, events: told } = { eventCount: 0, events: [] }] = store.queries.touched(2, {
      fromIndex: 0,
      limit: 1,
      events,
    })
    return [eventCount, told.map(({ topic }) => topic)]
  }
  expect(shown()).toEqual([2, []])
  expect(shown({ contract })).toEqual([2, ['counted', 'returned']])
  expect(shown({ contract, topic: 'counted' })).toEqual([2, ['counted']])
  expect(shown({ contract: new Uint8Array(32) as ContractId })).toEqual([2, []])
  await store.close()
})
