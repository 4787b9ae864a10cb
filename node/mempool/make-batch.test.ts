import { decode, encode } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import { batch, submission, type Transaction } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { genesis, ledger, nodeSeed, openAccount, signed } from '../testing/test-chain.ts'
import { checkBatch, checkList } from '../verifier/index.ts'
import { makeBatch } from './make-batch.ts'
import { copyKeys, type PooledTransaction } from './transaction-pool.ts'

const rules = { ledger, block: genesis.parameters.block }
const nowMs = genesis.timeMs
const good = (name: string) => signed([openAccount(name, 'customer')], { nowMs })

const author = {
  ledger,
  nodeKey: genesis.validators[0]!.nodeKey,
  sign: (message: Uint8Array) => signEd25519(message, nodeSeed(0)),
}
const gate = { validUntilAfterMs: 0, validUntilMaxMs: nowMs + 600_000, stepsRoom: 1e9 }

/** As they wait in the pool after the check of one submission. */
function pooled(values: readonly Transaction[]): PooledTransaction[] {
  const bytes = encode(submission, [...values])
  const checked = checkList(rules, gate, bytes)
  if ('malformed' in checked) throw new Error(checked.malformed)
  return copyKeys(checked, 0, checked.count).map((key, index) => ({ key, checked, index, bytes, arrivals: [] }))
}

const madeBatch = (...names: string[]) => makeBatch(author, 0, 1, nowMs, pooled(names.map(good)))

describe('check of a batch', () => {
  test('a made batch is the canonical encoding of its parts and passes', () => {
    const made = madeBatch('x', 'y')
    const check = checkBatch(rules, made.encoded)
    expect(check).toEqual({ digest: made.digest, header: made.header, transactions: made.transactions })
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
    const own = makeBatch(author, 0, 2, nowMs, pooled([{ ...transaction!, witness: [] }]))
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
