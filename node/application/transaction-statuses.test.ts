import type { TransactionId } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { TransactionStatuses } from './transaction-statuses.ts'

const id = Uint8Array.of(1) as TransactionId

describe('statuses of transactions', () => {
  test('a transaction moves from received over final to executed, and never back', () => {
    const statuses = new TransactionStatuses()
    statuses.received(id, 100)
    statuses.final(id, 7)
    expect(statuses.get(id)).toEqual({ status: 'final', height: 7 })
    statuses.executed(id, 7, 2, 'OK')
    statuses.final(id, 8)
    statuses.received(id, 100)
    expect(statuses.get(id)).toMatchObject({ status: 'executed', height: 7, index: 2 })
  })

  test('a copy that was passed over counts as received again', () => {
    const statuses = new TransactionStatuses()
    statuses.received(id, 100)
    statuses.final(id, 7)
    statuses.passedOver(id)
    expect(statuses.get(id)).toEqual({ status: 'received', validUntilMs: 100 })
  })

  test('what ran out asks for a block until a final block is later, and what was executed never does', () => {
    const statuses = new TransactionStatuses()
    statuses.received(id, 100)
    expect(statuses.hasUnprovenExpiry(99, 50)).toBe(false)
    expect(statuses.hasUnprovenExpiry(100, 50)).toBe(true)
    expect(statuses.hasUnprovenExpiry(101, 100)).toBe(false)
    const done = new TransactionStatuses()
    done.received(id, 100)
    done.executed(id, 7, 0, 'OK')
    expect(done.hasUnprovenExpiry(200, 50)).toBe(false)
  })
})
