import { describe, expect, it } from 'vitest'
import { CodecError, compareBytes, decode, encode, Sampler } from '../codec/index.ts'
import { HashBatch } from '../crypto/index.ts'
import {
  actionsOf,
  isPlain,
  orderedTransactionLeaf,
  orderedTransactionLeaves,
  type PlainTransfers,
  plainTransferIds,
  plainWitnessHashes,
  readPlainTransfers,
  readTransactionList,
  requiredLimits,
  requiredLimitsOfTransfers,
  signingMessage,
  signingMessages,
  submission,
  type Transaction,
  type TransactionId,
  transaction,
  transactionIdOf,
  transferAction,
  transferAt,
  witnessHashOf,
} from './index.ts'
import { ledger } from './testing/world.ts'

const seed = BigInt(Math.floor(Math.random() * 2 ** 32))
const sampler = new Sampler(seed)
const hashes = new HashBatch()

/** Of the plain form, unless the change makes another one of it. */
function plain(transfers: number, change: Partial<Transaction['body']> = {}): Transaction {
  const account = sampler.bytes(32) as never
  const groups = Array.from({ length: transfers }, () => {
    const sampled = { ...transferAction.sample(sampler), debit: account, reference: undefined }
    return { netted: false, actions: [{ kind: 'transfer', ...sampled } as const] }
  })
  const body: Transaction['body'] = {
    version: 1,
    ledger,
    validUntilMs: sampler.below(2 ** 32) * 1_000,
    ticket: undefined,
    payer: sampler.bytes(32) as never,
    limits: requiredLimits({ groups }),
    authorizers: [{ kind: 'account', account }],
    nonce: sampler.bytes(16),
    groups,
    ...change,
  }
  return { body, witness: [{ scheme: 'ed25519', publicKey: sampler.bytes(32), signature: sampler.bytes(64) }] }
}

const at = (read: PlainTransfers, from: number, length: number): Uint8Array => read.bytes.slice(from, from + length)

/** What the reader takes, the codec takes too, and every field means the same. */
function expectSameMeaning(read: PlainTransfers): void {
  const { body, witness } = decode(transaction, at(read, read.start, read.end - read.start))
  expect(body.authorizers).toEqual([{ kind: 'account', account: at(read, read.accountAt, 32) }])
  expect(body.ticket).toBeUndefined()
  expect(at(read, read.ledgerAt, 32)).toEqual(body.ledger)
  expect(at(read, read.payerAt, 32)).toEqual(body.payer)
  expect(at(read, read.nonceAt, 16)).toEqual(body.nonce)
  expect([read.validUntilMs, read.steps, read.writtenBytes]).toEqual([
    body.validUntilMs,
    body.limits.steps,
    body.limits.writtenBytes,
  ])
  expect(body.groups.every(({ netted, actions }) => !netted && actions.length === 1)).toBe(true)
  const actions = actionsOf(body)
  expect(read.count).toBe(actions.length)
  for (const [i, action] of actions.entries()) {
    const tagAt = read.transfers[i]!
    if (action.kind !== 'transfer') throw new Error(`${action.kind} was read as a transfer`)
    expect(action.reference).toBeUndefined()
    expect(action.debit).toEqual(at(read, read.accountAt, 32))
    expect(action.debit).toEqual(at(read, tagAt + transferAt.debit, 32))
    expect(action.credit).toEqual(at(read, tagAt + transferAt.credit, 32))
    expect(action.asset).toEqual(at(read, tagAt + transferAt.asset, 32))
    const amount = at(read, tagAt + transferAt.amount, 16).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
    expect(action.amount).toBe(amount)
    const commitment = read.bytes[tagAt + transferAt.commitment] === 1 ? at(read, tagAt + 115, 32) : undefined
    expect(action.commitment).toEqual(commitment)
  }
  const [signature, ...others] = witness
  expect(others).toEqual([])
  expect(signature).toEqual({
    scheme: 'ed25519',
    publicKey: at(read, read.publicKeyAt, 32),
    signature: at(read, read.signatureAt, 64),
  })
  expect(requiredLimitsOfTransfers(read.count)).toEqual(requiredLimits(body))
  const ids = plainTransferIds(hashes, [read])
  expect(ids).toEqual(transactionIdOf(body))
  expect(plainWitnessHashes(hashes, [read])).toEqual(witnessHashOf(witness))
}

describe(`readPlainTransfers, seed ${seed}`, () => {
  it('default: reads what the codec wrote, wherever it stands', () => {
    for (const transfers of [1, 1, 2, 3, 7, 8, 9, 64, 100]) {
      const before = sampler.below(9)
      const encoded = encode(transaction, plain(transfers))
      const bytes = Uint8Array.from([...sampler.bytes(before), ...encoded, ...sampler.bytes(sampler.below(9))])
      const read = readPlainTransfers(bytes, before)!
      expect([read.start, read.end, read.count]).toEqual([before, before + encoded.length, transfers])
      expectSameMeaning(read)
    }
  })

  it('behavior: leaves every other form to the codec', () => {
    const { body, witness } = plain(2)
    const [first, second] = body.groups
    const account = body.authorizers[0]!
    const others: Transaction[] = [
      plain(1, { ticket: { account: sampler.bytes(32) as never, number: 0 } }),
      plain(1, { authorizers: [] }),
      plain(1, { authorizers: [{ kind: 'member', member: sampler.bytes(32) as never }] }),
      plain(1, { authorizers: [account] }),
      { body: { ...body, groups: [{ netted: true, actions: first!.actions }] }, witness },
      { body: { ...body, groups: [{ netted: false, actions: [...first!.actions, ...second!.actions] }] }, witness },
      { body, witness: [] },
      { body, witness: [{ ...witness[0]!, scheme: 'p256' }] },
      { body, witness: [{ ...witness[0]!, publicKey: sampler.bytes(33) }] },
      { body, witness: [{ ...witness[0]!, signature: sampler.bytes(63) }] },
    ]
    for (const value of others) expect(readPlainTransfers(encode(transaction, value), 0)).toBeUndefined()
    expect(readPlainTransfers(encode(transaction, { body, witness }), 0)).toBeDefined()
  })

  it('behavior: takes nothing that the codec refuses, and gives it the same meaning', () => {
    let taken = 0
    let refused = 0
    for (let n = 0; n < 400; n++) {
      const encoded = encode(transaction, plain(1 + sampler.below(3)))
      // Changes in the head, in counts and flags, at the end, and cuts; most keep the form.
      for (let change = 1 + sampler.below(2); change > 0; change--) {
        const where = sampler.below(3) === 0 ? sampler.below(encoded.length) : 90 + sampler.below(60)
        encoded[where % encoded.length] = sampler.below(2) === 0 ? sampler.below(3) : sampler.below(256)
      }
      const bytes = sampler.below(8) === 0 ? encoded.subarray(0, sampler.below(encoded.length)) : encoded
      const read = readPlainTransfers(bytes, 0)
      if (read === undefined) refused++
      else {
        taken++
        expectSameMeaning(read)
      }
    }
    expect(taken).toBeGreaterThan(20)
    expect(refused).toBeGreaterThan(20)
  })

  it('behavior: every single changed byte is read alike or left to the codec', () => {
    const encoded = encode(transaction, plain(2))
    for (let i = 0; i < encoded.length; i++) {
      for (const bit of [1, 2, 128]) {
        const changed = encoded.slice()
        changed[i]! ^= bit
        const read = readPlainTransfers(changed, 0)
        if (read !== undefined) expect(compareBytes(encode(transaction, decode(transaction, changed)), changed)).toBe(0)
      }
      expect(readPlainTransfers(encoded.subarray(0, i), 0)).toBeUndefined()
    }
  })

  it('behavior: an amount of zero and integers above 2^53 − 1 are left to the codec', () => {
    const encoded = encode(transaction, plain(1))
    const read = readPlainTransfers(encoded, 0)!
    const zero = encoded.slice().fill(0, read.transfers[0]! + transferAt.amount, read.transfers[0]! + 113)
    expect(readPlainTransfers(zero, 0)).toBeUndefined()
    for (const field of [33, 74, 82]) {
      const large = encoded.slice()
      large[field + 6] = 0x20
      expect(readPlainTransfers(large, 0)).toBeUndefined()
      expect(() => decode(transaction, large)).toThrow(CodecError)
    }
  })
})

describe('hashes of many', () => {
  it('default: as one by one', () => {
    const values = [1, 2, 1, 5, 1, 16, 3].map((transfers) => plain(transfers))
    const list = values.map((value) => readPlainTransfers(encode(transaction, value), 0)!)
    const ids = plainTransferIds(hashes, list)
    const witnessHashes = plainWitnessHashes(hashes, list)
    const messages = signingMessages(hashes, ledger, ids)
    const leaves = orderedTransactionLeaves(hashes, ids, witnessHashes)
    for (const [i, { body, witness }] of values.entries()) {
      const part = (all: Uint8Array): Uint8Array => all.slice(32 * i, 32 * i + 32)
      const id = transactionIdOf(body)
      expect(part(ids)).toEqual(id)
      expect(part(witnessHashes)).toEqual(witnessHashOf(witness))
      expect(part(messages)).toEqual(signingMessage(ledger, id))
      expect(part(leaves)).toEqual(orderedTransactionLeaf(part(ids) as TransactionId, part(witnessHashes)))
    }
  })
})

describe('readTransactionList', () => {
  it('default: plain ones and others, in their order', () => {
    const tick = plain(1, { groups: [{ netted: false, actions: [{ kind: 'tick' }] }] })
    const values = [plain(1), tick, plain(3), plain(1, { authorizers: [] })]
    const encoded = encode(submission, values)
    const bytes = Uint8Array.from([7, 7, ...encoded, 7])
    const { items, end } = readTransactionList(bytes, 2)
    expect(end).toBe(2 + encoded.length)
    expect(items.map(isPlain)).toEqual([true, false, true, false])
    for (const [i, item] of items.entries()) {
      expect(decode(transaction, bytes.slice(item.start, item.end))).toEqual(values[i])
      if (!isPlain(item)) expect(item.transaction).toEqual(values[i])
    }
    expect(readTransactionList(encode(submission, []), 0)).toEqual({ items: [], end: 4 })
  })

  it('error: the same as of the codec', () => {
    const encoded = encode(submission, [plain(1), plain(1)])
    const cut = encoded.subarray(0, encoded.length - 5)
    const tooMany = Uint8Array.from([1, 32, 0, 0])
    const broken = encoded.slice()
    broken[4] = 9
    for (const bytes of [cut, tooMany, broken, Uint8Array.of(1)]) {
      const codecs = problemOf(() => decode(submission, bytes))
      expect(problemOf(() => readTransactionList(bytes, 0))).toEqual(codecs)
      expect(codecs).toBeDefined()
    }
  })
})

function problemOf(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof CodecError) return `${error.code} ${error.path}`
    throw error
  }
}
