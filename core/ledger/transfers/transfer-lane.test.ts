import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode } from '../../codec/index.ts'
import { HashBatch, valuesOf } from '../../crypto/index.ts'
import {
  type AccountId,
  type Action,
  type AssetId,
  plainComponents,
  readPlainTransfers,
  receiptLeaf,
  transaction,
} from '../../protocol/index.ts'
import type { BlockItem, ExecutedReceipt, OrderedTransaction, PlainTransaction } from '../block-result.ts'
import { Ledger } from '../ledger.ts'
import { hashOf } from '../testing/keys.ts'
import { liveImages } from '../testing/store.ts'
import { byAccountId, byMemberNamed, member, TestLedger, transferOf } from '../testing/test-ledger.ts'
import { openTransfers } from './open-transfers.ts'

/** The same transaction as bytes, where it has the plain form. */
function asPlain(ordered: OrderedTransaction): BlockItem {
  const plain = readPlainTransfers(encode(transaction, ordered.transaction), 0)
  return plain === undefined ? ordered : { id: ordered.id, plain }
}

const hashes = new HashBatch()

/** A ledger, and its twin that is given the same blocks in plain form. */
class Twins {
  readonly test = new TestLedger()
  readonly eur = this.test.asset('EUR')
  readonly usd = this.test.asset('USD')
  readonly accounts = ['a', 'b', 'c', 'd', 'e'].map((name, i) => this.test.open(name, i < 3 ? 'bank-a' : 'bank-b'))
  readonly twin: Ledger
  inLane = 0

  constructor(amount = 1_000n) {
    for (const account of this.accounts.slice(0, 3)) this.test.issue(this.eur, account, amount)
    this.test.issue(this.usd, this.accounts[0]!, amount)
    const { height, timeMs } = this.test.ledger
    this.twin = Ledger.restore(this.test.genesis, { height, timeMs, images: liveImages(this.test.ledger) })
  }

  pay(from: number, ...transfers: { to: number; asset?: AssetId; amount: bigint; commitment?: boolean }[]) {
    const groups = transfers.map(({ to, asset = this.eur, amount, commitment }): Action[] => {
      const transfer = transferOf(
        this.accounts[from]!,
        this.accounts[to] ?? (hashOf('nobody') as AccountId),
        asset,
        amount,
      )
      return [{ ...transfer, commitment: commitment ? hashOf('c') : undefined } as Action]
    })
    return this.test.build(groups, { by: [byAccountId(this.accounts[from]!)] })
  }

  /** Applies the block both ways, and compares all that comes of it. */
  block(transactions: readonly OrderedTransaction[]): readonly ExecutedReceipt[] {
    const header = this.test.nextHeader()
    const expected = this.test.block(transactions)
    const actual = this.twin.applyBlock(header, transactions.map(asPlain))
    const whole = actual.receipts.map((receipt) => {
      if (receipt.kind === 'whole') return receipt
      this.inLane++
      const { ordinal } = receipt
      const { plain } = asPlain(transactions[ordinal]!) as PlainTransaction
      const { ledger, height, timeMs } = header
      const opened = openTransfers(hashes, { ...receipt, plain, ledger, height, timeMs })
      expect(receiptLeaf(opened.receipt)).toEqual(receipt.leaf)
      expect(plainComponents(hashes, plain).tree.root).toEqual(receipt.id)
      expect(opened.receipt.result).toBe(receipt.result)
      const { transaction } = transactions[ordinal]!
      const made = { receipt: opened.receipt, items: valuesOf(opened.items), entries: valuesOf(opened.entries) }
      return { kind: 'whole', leaf: receipt.leaf, ...made, events: [], cause: undefined, transaction, ordinal }
    })
    expect(whole).toEqual(expected.receipts)
    expect(actual.skipped).toEqual(expected.skipped)
    expect(actual.receiptsRoot).toEqual(expected.receiptsRoot)
    expect(actual.stateRoot).toEqual(expected.stateRoot)
    expect(new Set(actual.created.map(String))).toEqual(new Set(expected.created.map(String)))
    this.twin.audit()
    return expected.receipts
  }
}

const step = fc.record({
  from: fc.nat(4),
  transfers: fc.array(
    fc.record({ to: fc.nat(5), amount: fc.bigInt(1n, 700n), usd: fc.boolean(), commitment: fc.boolean() }),
    { minLength: 1, maxLength: 6 },
  ),
  /** Now and then something that is not plain comes between, or the same transaction again. */
  between: fc.constantFrom('nothing', 'nothing', 'hold', 'freeze', 'again', 'expired', 'issue', 'reference'),
})

describe('the fast lane', () => {
  it('behavior: random blocks give the same receipts, roots and audits as the general rules', () => {
    let inLane = 0
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 4 }), (blocks) => {
        const twins = new Twins()
        const { test, eur, usd, accounts } = twins
        for (const steps of blocks) {
          const transactions = steps.flatMap(({ from, transfers, between }) => {
            const pay = twins.pay(
              from,
              ...transfers.map(({ usd: isUsd, ...t }) => ({ ...t, asset: isUsd ? usd : eur })),
            )
            const by = byAccountId(accounts[from]!)
            const other = accounts[(from + 1) % 5]!
            const movement = transferOf(accounts[from]!, other, eur, 3n)
            switch (between) {
              case 'hold': {
                const terms = { expiresMs: test.timeMs + 1_500, controller: other }
                return [pay, test.build([[{ ...movement, ...terms, kind: 'hold' } as Action]], { by: [by] })]
              }
              case 'freeze': {
                const freeze = { kind: 'set-account-status', account: other, status: 'frozen', reason: 0 } as const
                return [pay, test.build([[freeze]], { by: [byMemberNamed('regulator')] })]
              }
              case 'issue': {
                const issue = { kind: 'issue', asset: eur, credit: other, amount: 50n, reference: undefined } as const
                return [test.build([[{ ...issue, commitment: undefined }]], { by: [byMemberNamed('central')] }), pay]
              }
              case 'reference': {
                const businessDay = Math.floor(test.timeMs / 86_400_000)
                const reference = { member: member(from < 3 ? 'bank-a' : 'bank-b'), businessDay, key: hashOf('k') }
                return [test.build([[{ ...movement, reference } as Action]], { by: [by] }), pay]
              }
              case 'again':
                return [pay, pay]
              case 'expired':
                return [
                  { ...pay, transaction: { ...pay.transaction, body: { ...pay.transaction.body, validUntilMs: 1 } } },
                ]
              default:
                return [pay]
            }
          })
          twins.block(transactions)
        }
        inLane += twins.inLane
      }),
      { numRuns: 60 },
    )
    expect(inLane).toBeGreaterThan(100)
  })

  it('behavior: a packed transaction of a thousand transfers, some of them refused', () => {
    const twins = new Twins(3_000n)
    const transfers = Array.from({ length: 1_000 }, (_, i) => ({ to: i % 6, amount: BigInt(1 + (i % 13)) }))
    const [receipt] = twins.block([twins.pay(0, ...transfers)])
    expect(receipt!.receipt.result).toBe('PARTLY_DONE')
    expect(new Set(receipt!.items.map(({ item }) => item.result))).toEqual(
      new Set(['OK', 'SAME_ACCOUNT', 'ACCOUNT_UNKNOWN', 'INSUFFICIENT_FUNDS']),
    )
    expect(twins.inLane).toBe(1)
  })

  it('behavior: numbers too large for it go the general way', () => {
    const twins = new Twins(2n ** 60n)
    twins.block([twins.pay(0, { to: 1, amount: 2n ** 59n }), twins.pay(1, { to: 2, amount: 5n })])
    expect(twins.inLane).toBe(0)
  })

  it('behavior: proofs of earlier heights stay right', () => {
    const twins = new Twins()
    const roots = [twins.twin.stateRoot]
    for (let i = 0; i < 12; i++) {
      twins.block([twins.pay(0, { to: 3, amount: 2n }), twins.pay(1, { to: 4, amount: 1n })])
      roots.push(twins.twin.stateRoot)
    }
    const key = { kind: 'position', account: twins.accounts[3]!, asset: twins.eur } as const
    for (let height = twins.twin.provableFrom; height <= twins.twin.height; height++) {
      const same = twins.test.ledger.prove([{ key }], height)
      expect(twins.twin.prove([{ key }], height)).toEqual(same)
    }
    expect(twins.inLane).toBe(24)
  })
})
