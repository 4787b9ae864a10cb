import { results, type TransactionId } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { TransactionStatuses } from './transaction-statuses.ts'

const idOf = (n: number) => new Uint8Array(32).fill(n) as TransactionId
const id = idOf(1)
const packed = (...ids: number[]) => Uint8Array.from(ids.flatMap((n) => [...idOf(n)]))
const ok = (count: number) => new Uint8Array(count).fill(results.OK.number)

describe('statuses of transactions', () => {
  test('a transaction moves from received over final to executed, and never back', () => {
    const statuses = new TransactionStatuses()
    statuses.received(id, 100)
    expect(statuses.get(id)).toEqual({ status: 'received', validUntilMs: 100, passedOver: false })
    statuses.final(7, packed(8, 9, 1))
    expect(statuses.get(id)).toEqual({ status: 'final', height: 7 })
    statuses.executed(7, packed(8, 9, 1), ok(3), [])
    statuses.final(8, packed(1))
    statuses.received(id, 100)
    expect(statuses.get(id)).toEqual({ status: 'executed', height: 7, index: 2, result: 'OK' })
  })

  test('what came through another node is known once it is final', () => {
    const statuses = new TransactionStatuses()
    expect(statuses.get(id)).toBeUndefined()
    statuses.final(7, packed(2, 1))
    expect(statuses.get(id)).toEqual({ status: 'final', height: 7 })
    expect(statuses.get(idOf(3))).toBeUndefined()
  })

  test('a copy that was passed over counts as received again, with a doubt', () => {
    const statuses = new TransactionStatuses()
    statuses.received(id, 100)
    statuses.final(7, packed(1))
    statuses.executed(7, packed(), ok(0), [id, idOf(2)])
    expect(statuses.get(id)).toEqual({ status: 'received', validUntilMs: 100, passedOver: true })
    expect(statuses.get(idOf(2))).toBeUndefined()
  })

  test('what ran out asks for a block until a final block is later, and what was executed never does', () => {
    const statuses = new TransactionStatuses()
    statuses.received(id, 100)
    expect(statuses.hasUnprovenExpiry(99, 50)).toBe(false)
    expect(statuses.hasUnprovenExpiry(100, 50)).toBe(true)
    expect(statuses.hasUnprovenExpiry(101, 100)).toBe(false)
    expect(statuses.get(id)).toMatchObject({ status: 'received', validUntilMs: 100 })
    const done = new TransactionStatuses()
    done.received(id, 100)
    done.executed(7, packed(1), ok(1), [])
    expect(done.hasUnprovenExpiry(200, 50)).toBe(false)
  })

  test('the oldest executed ones are left to the store, and the newest never', () => {
    const statuses = new TransactionStatuses()
    const block = (height: number) => {
      const ids = new Uint8Array(32 * 10_000)
      const view = new DataView(ids.buffer)
      for (let i = 0; i < 10_000; i++) view.setUint32(32 * i, height * 10_000 + i)
      statuses.executed(height, ids, ok(10_000), [])
      return ids.slice(0, 32) as TransactionId
    }
    const firsts = Array.from({ length: 14 }, (_, height) => block(height))
    expect(statuses.get(firsts[0]!)).toBeUndefined()
    for (const newer of firsts.slice(-5)) expect(statuses.get(newer)).toMatchObject({ status: 'executed' })
  })
})
