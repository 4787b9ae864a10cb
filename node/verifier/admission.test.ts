import { decode, encode } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import { batch, transactionIdOf, witnessHashOf } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { makeBatch } from '../mempool/make-batch.ts'
import { copyKey } from '../mempool/transaction-pool.ts'
import { encoded, genesis, ledger, nodeSeed, openAccount, signed } from '../testing/test-chain.ts'
import { admitTransaction } from './admission.ts'
import { checkBatch } from './batch-check.ts'

const rules = { ledger, block: genesis.parameters.block }
const nowMs = genesis.timeMs
const good = (name = 'x') => signed([openAccount(name, 'customer')], { nowMs })

function madeBatch(...names: string[]) {
  const transactions = names.map((name) => {
    const bytes = encoded(good(name))
    const admitted = admitTransaction(rules, bytes)
    if ('problem' in admitted) throw new Error(admitted.detail)
    return { key: copyKey(admitted), admitted, encoded: bytes }
  })
  const author = {
    ledger,
    nodeKey: genesis.validators[0]!.nodeKey,
    sign: (message: Uint8Array) => signEd25519(message, nodeSeed(0)),
  }
  return makeBatch(author, 0, 1, nowMs, transactions)
}

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

describe('check of a batch', () => {
  test('a made batch is the canonical encoding of its parts and passes', () => {
    const made = madeBatch('x', 'y')
    expect(checkBatch(rules, made.encoded)).toMatchObject({ digest: made.digest, transactions: [{}, {}] })
    expect(encode(batch, { ...decodeOf(made.encoded) })).toEqual(made.encoded)
  })

  test('error: every changed byte is refused', () => {
    const made = madeBatch('x')
    for (let at = 0; at < made.encoded.length; at += 7) {
      const changed = made.encoded.slice()
      changed[at]! ^= 1
      expect(checkBatch(rules, changed), `byte ${at}`).toHaveProperty('problem')
    }
  })

  test('error: transactions that were swapped speak against the sender, not the author', () => {
    const [one, other] = [decodeOf(madeBatch('x').encoded), decodeOf(madeBatch('y').encoded)]
    const swapped = encode(batch, { ...one, transactions: other.transactions })
    expect(checkBatch(rules, swapped)).toMatchObject({ problem: 'BATCH_SUMS_WRONG', authentic: undefined })
  })
})

function decodeOf(bytes: Uint8Array) {
  return decode(batch, bytes)
}
