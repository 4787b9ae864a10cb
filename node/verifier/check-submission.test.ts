import { encode } from '@tallystick/core/codec'
import {
  orderedTransactionLeaf,
  submission,
  type Transaction,
  transactionIdOf,
  witnessHashOf,
} from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { encoded, genesis, ledger, openAccount, signed, transfer } from '../testing/test-chain.ts'
import { checkList, checkSingles } from './check-submission.ts'
import type { CheckedTransactions } from './checked-transactions.ts'

const rules = { ledger, block: genesis.parameters.block }
const nowMs = genesis.timeMs
const gate = { validUntilAfterMs: nowMs, validUntilMaxMs: nowMs + 600_000, stepsRoom: 1e9 }
const good = (name = 'x') => signed([openAccount(name, 'customer')], { nowMs })
const plain = (amount: bigint) => signed([transfer('x', 'y', amount)], { nowMs, accounts: ['x'], withMember: false })

function list(values: Transaction[], within = gate): CheckedTransactions {
  const checked = checkList(rules, within, encode(submission, values))
  if ('malformed' in checked) throw new Error(checked.malformed)
  return checked
}

describe('checks of submitted transactions', () => {
  test('a list of plain transfers and others: what the main thread needs to know of each', () => {
    const values = [plain(1n), good(), plain(2n)]
    const checked = list(values)
    expect(checked).toMatchObject({ count: 3, refusals: [] })
    for (const [i, { body, witness }] of values.entries()) {
      const id = transactionIdOf(body)
      expect(checked.ids.slice(32 * i, 32 * i + 32)).toEqual(id)
      expect(checked.leaves.slice(32 * i, 32 * i + 32)).toEqual(orderedTransactionLeaf(id, witnessHashOf(witness)))
      expect(checked.validUntilMs[i]).toBe(body.validUntilMs)
      expect(checked.steps[i]).toBe(body.limits.steps)
      expect(checked.writtenBytes[i]).toBe(body.limits.writtenBytes)
      const bytes = encode(submission, values).slice(checked.offsets[i]!, checked.offsets[i + 1]!)
      expect(bytes).toEqual(encoded(values[i]!))
    }
  })

  const spoilt: [string, (value: Transaction) => Transaction][] = [
    ['TX_WRONG_LEDGER', (value) => withBody(value, { ledger: new Uint8Array(32) as typeof ledger })],
    ['TX_LIMITS_TOO_LOW', (value) => withBody(value, { limits: { steps: 1, writtenBytes: 1 } })],
    ['TX_LIMITS_TOO_HIGH', (value) => withBody(value, { limits: { steps: 1e12, writtenBytes: 1e6 } })],
    ['TX_SIGNATURE_MISSING', (value) => ({ ...value, witness: [] })],
    ['TX_SIGNATURE_INVALID', (value) => withBody(value, { validUntilMs: nowMs + 1 })],
    ['TX_EXPIRED', (value) => withBody(value, { validUntilMs: nowMs })],
    ['TX_VALIDITY_TOO_FAR', (value) => withBody(value, { validUntilMs: nowMs + 600_001 })],
  ]
  test.each(spoilt)('error: %s, alone among others, of either form', (problem, spoil) => {
    const bad = spoil(plain(2n))
    const checked = list([plain(1n), bad, spoil(good()), good()])
    expect(checked.refusals).toMatchObject([
      { index: 1, problem },
      { index: 2, problem },
    ])
    // The answer names it all the same.
    expect(checked.ids.slice(32, 64)).toEqual(transactionIdOf(bad.body))
  })

  test('error: what finds no room is refused before its signature is looked at', () => {
    const bad = withBody(plain(3n), { validUntilMs: nowMs + 1 })
    const { steps } = plain(1n).body.limits
    const checked = list([plain(1n), plain(2n), bad], { ...gate, stepsRoom: steps + 1 })
    expect(checked.refusals).toMatchObject([{ index: 2, problem: 'MEMPOOL_FULL' }])
  })

  test('error: a list is malformed as a whole', () => {
    const bytes = encode(submission, [plain(1n), good()])
    expect(checkList(rules, gate, bytes.subarray(1))).toHaveProperty('malformed')
    expect(checkList(rules, gate, bytes.subarray(0, bytes.length - 1))).toHaveProperty('malformed')
    expect(checkList(rules, gate, Uint8Array.from([...bytes, 0]))).toHaveProperty('malformed')
  })

  test('single ones that stand together are judged each for itself', () => {
    const parts = [
      encoded(plain(1n)),
      Uint8Array.of(1, 2, 3),
      encoded(good()),
      Uint8Array.from([...encoded(plain(2n)), 0]),
    ]
    let end = 0
    const ends = Uint32Array.from(
      parts.map(({ length }) => {
        end += length
        return end
      }),
    )
    const together = Uint8Array.from(parts.flatMap((part) => [...part]))
    const checked = checkSingles(rules, gate, together, ends)
    expect(checked.refusals).toMatchObject([
      { index: 1, problem: 'TX_MALFORMED' },
      { index: 3, problem: 'TX_MALFORMED' },
    ])
    expect(checkSingles(rules, gate, new Uint8Array(5_000_000), Uint32Array.of(5_000_000)).refusals).toHaveLength(1)
  })
})

function withBody(value: Transaction, change: Partial<Transaction['body']>): Transaction {
  return { ...value, body: { ...value.body, ...change } }
}
