import { decode, encode } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import { batch, witnessHashOf } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { encoded, genesis, ledger, nodeSeed, openAccount, signed } from '../testing/test-chain.ts'
import { admitTransaction, checkBatch } from '../verifier/index.ts'
import { makeBatch } from './make-batch.ts'
import { copyKey } from './transaction-pool.ts'

const rules = { ledger, block: genesis.parameters.block }
const nowMs = genesis.timeMs
const good = (name: string) => signed([openAccount(name, 'customer')], { nowMs })

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

  test('error: a bad transaction speaks against the author only if the author committed to it', () => {
    const one = decodeOf(madeBatch('x').encoded)
    const [transaction] = one.transactions
    const stripped = encode(batch, { ...one, transactions: [{ ...transaction!, witness: [] }] })
    expect(checkBatch(rules, stripped)).toMatchObject({ problem: 'BATCH_BAD_TRANSACTION', authentic: undefined })
    const bad = { ...transaction!, witness: [] }
    const admitted = admitTransaction(rules, encoded(transaction!))
    if ('problem' in admitted) throw new Error(admitted.detail)
    const copy = { key: '', admitted: { ...admitted, witnessHash: witnessHashOf([]) }, encoded: encoded(bad) }
    const author = {
      ledger,
      nodeKey: genesis.validators[0]!.nodeKey,
      sign: (message: Uint8Array) => signEd25519(message, nodeSeed(0)),
    }
    const own = makeBatch(author, 0, 2, nowMs, [copy])
    expect(checkBatch(rules, own.encoded)).toMatchObject({ problem: 'BATCH_BAD_TRANSACTION', authentic: own.digest })
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
