import { toHex } from '@tallystick/core/codec'
import {
  type ResultCode,
  resultOfNumber,
  transactionIdOf,
  trustGenesis,
  verifyReceiptProof,
} from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { finalityOf, genesis, ledger, member, signed } from '../testing/test-chain.ts'
import { callCounter, deployCounter } from '../testing/test-contract.ts'
import type { ExecutionReport } from './executor.ts'
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
    const prove = (wanted: 'all' | number[]) => {
      const parts = store.queries.receiptParts(id, { ...everything, events: wanted }, tip.executed.height)
      if (parts === undefined || parts === 'pending') throw new Error(`no proof: ${parts}`)
      return { version: 1, anchor: { ledger, epochs: [], header: tip, finality: finalityOf(tip) }, ...parts } as const
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
  const again = await store.openCopy('again')
  expect(again.openedHeight).toBe(0)
  expect(toHex(again.executor.ledger.stateRoot)).toBe(toHex(store.executor.ledger.stateRoot))
  await again.executor.close()
  await store.close()
})
