import { transactionIdOf, witnessHashOf } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { encoded, genesis, ledger, openAccount, signed } from '../testing/test-chain.ts'
import { admitTransaction } from './admission.ts'

const rules = { ledger, block: genesis.parameters.block }
const nowMs = genesis.timeMs
const good = (name = 'x') => signed([openAccount(name, 'customer')], { nowMs })

describe('admission of a transaction', () => {
  test('default', () => {
    const value = good()
    expect(admitTransaction(rules, encoded(value))).toMatchObject({
      id: transactionIdOf(value.body),
      witnessHash: witnessHashOf(value.witness),
      steps: value.body.limits.steps,
      bytes: encoded(value).length,
    })
  })

  test.each([
    ['TX_MALFORMED', (value: ReturnType<typeof good>) => Uint8Array.from([...encoded(value), 0])],
    [
      'TX_WRONG_LEDGER',
      (value) => encoded({ ...value, body: { ...value.body, ledger: new Uint8Array(32) as typeof ledger } }),
    ],
    [
      'TX_LIMITS_TOO_LOW',
      (value) => encoded({ ...value, body: { ...value.body, limits: { steps: 1, writtenBytes: 1 } } }),
    ],
    [
      'TX_LIMITS_TOO_HIGH',
      (value) => encoded({ ...value, body: { ...value.body, limits: { steps: 1e12, writtenBytes: 1e6 } } }),
    ],
    ['TX_SIGNATURE_MISSING', (value) => encoded({ ...value, witness: [] })],
    ['TX_SIGNATURE_INVALID', (value) => encoded({ ...value, body: { ...value.body, validUntilMs: nowMs + 1 } })],
    ['TX_TOO_LARGE', () => new Uint8Array(5_000_000)],
  ] satisfies [string, (value: ReturnType<typeof good>) => Uint8Array][])('error: %s', (problem, spoil) => {
    expect(admitTransaction(rules, spoil(good()))).toMatchObject({ problem })
  })
})
