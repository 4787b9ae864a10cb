import { describe, expect, it } from 'vitest'
import { compareBytes, equalBytes } from '../codec/index.ts'
import {
  type AccountId,
  type Action,
  derivedIdOf,
  entryLeaf,
  type HoldId,
  holdIdOf,
  nextEntryLink,
  type ResultCode,
} from '../protocol/index.ts'
import { byAccountId, byMemberNamed, member, plain, TestLedger, transferOf } from './testing/test-ledger.ts'

class Scene extends TestLedger {
  readonly eur = this.asset('EUR')
  readonly anna = this.open('anna', 'bank-a')
  readonly shop = this.open('shop', 'bank-b')
  readonly agent = this.open('agent', 'bank-b')

  constructor() {
    super()
    this.issue(this.eur, this.anna, 100n)
  }

  hold(amount: bigint, lifeMs = 60_000): HoldId {
    const { anna, shop, eur, agent } = this
    const parties = { debit: anna, credit: shop, asset: eur, controller: agent }
    const action: Action = { kind: 'hold', ...parties, amount, expiresMs: this.timeMs + lifeMs, ...plain }
    const { receipt } = this.execute([[action]], { by: [byAccountId(anna)] })
    expect(receipt.result).toBe('OK')
    return holdIdOf(receipt.id, 0)
  }

  position(account: AccountId) {
    const record = this.ledger.get<'position'>({ kind: 'position', account, asset: this.eur })!
    const { debitsPosted, debitsPending, creditsPosted, creditsPending } = record
    return { posted: creditsPosted - debitsPosted, out: debitsPending, in: creditsPending }
  }

  post(hold: HoldId, amount: bigint, by = this.agent): ResultCode {
    return this.do({ kind: 'post', hold, amount }, byAccountId(by))
  }
}

describe('holds', () => {
  it('default: a hold reserves on both sides, and nothing else can use it', () => {
    const s = new Scene()
    s.hold(70n)
    expect(s.position(s.anna)).toEqual({ posted: 100n, out: 70n, in: 0n })
    expect(s.position(s.shop)).toEqual({ posted: 0n, out: 0n, in: 70n })
    expect(s.do(transferOf(s.anna, s.shop, s.eur, 31n), byAccountId(s.anna))).toBe('INSUFFICIENT_FUNDS')
    expect(s.do({ kind: 'close-account', account: s.shop }, byAccountId(s.shop))).toBe('ACCOUNT_NOT_EMPTY')
    s.ledger.audit()
  })

  it('behavior: posting a part pays it and releases the rest', () => {
    const s = new Scene()
    const hold = s.hold(70n)
    const receipt = s.execute([[{ kind: 'post', hold, amount: 50n }]], { by: [byAccountId(s.agent)] })
    expect(receipt.entries.map(({ entry }) => [entry.kind, entry.side, entry.amount])).toEqual([
      ['released', 'debit', 70n],
      ['released', 'credit', 70n],
      ['posted', 'debit', 50n],
      ['posted', 'credit', 50n],
    ])
    expect(s.position(s.anna)).toEqual({ posted: 50n, out: 0n, in: 0n })
    expect(s.position(s.shop)).toEqual({ posted: 50n, out: 0n, in: 0n })
    expect(s.post(hold, 1n)).toBe('HOLD_UNKNOWN')
    s.ledger.audit()
  })

  it('behavior: the controller alone posts; it or the credited account voids', () => {
    const s = new Scene()
    const [a, b] = [s.hold(10n), s.hold(10n)]
    expect(s.post(a, 1n, s.anna)).toBe('NOT_AUTHORIZED')
    expect(s.post(a, 1n, s.shop)).toBe('NOT_AUTHORIZED')
    expect(s.do({ kind: 'void', hold: a }, byAccountId(s.anna))).toBe('NOT_AUTHORIZED')
    expect(s.do({ kind: 'void', hold: a }, byAccountId(s.agent))).toBe('OK')
    expect(s.do({ kind: 'void', hold: b }, byAccountId(s.shop))).toBe('OK')
    expect(s.position(s.anna)).toEqual({ posted: 100n, out: 0n, in: 0n })
  })

  it('behavior: a freeze stops posting, not voiding; what is frozen later does not take reserved money back', () => {
    const s = new Scene()
    const [a, b] = [s.hold(60n), s.hold(10n)]
    const amount = { kind: 'freeze-amount', account: s.anna, asset: s.eur, amount: 100n, reason: 1 } as const
    expect(s.do(amount, byMemberNamed('bank-a'))).toBe('OK')
    expect(s.post(a, 60n)).toBe('OK')
    const frozen = { kind: 'set-account-status', account: s.anna, status: 'frozen', reason: 1 } as const
    s.do(frozen, byMemberNamed('bank-a'))
    expect(s.post(b, 1n)).toBe('ACCOUNT_FROZEN')
    expect(s.do({ kind: 'void', hold: b }, byAccountId(s.shop))).toBe('OK')
  })

  it('behavior: expiry is a derived transaction with a receipt, in the first block at or after it', () => {
    const s = new Scene()
    const hold = s.hold(70n, 60_000)
    const expiresMs = s.ledger.get<'hold'>({ kind: 'hold', hold })!.expiresMs
    expect(s.ledger.dueWork(expiresMs - 1)).toBe(false)
    expect(s.block([], expiresMs - 1 - s.timeMs).stateChanged).toBe(false)
    expect(s.ledger.dueWork(expiresMs)).toBe(true)
    const records = () => s.ledger.get<'member'>({ kind: 'member', member: member('bank-a') })!.records
    const before = records()
    const { receipts, stateChanged } = s.block([], 1)
    expect(stateChanged).toBe(true)
    expect(receipts).toHaveLength(1)
    expect(receipts[0]!.cause).toEqual(hold)
    expect(receipts[0]!.receipt.id).toEqual(derivedIdOf(hold, 'hold-expiry', 0))
    expect(receipts[0]!.receipt.position).toEqual({ height: s.ledger.height, phase: 'begin', index: 0 })
    expect(receipts[0]!.entries.map(({ entry }) => [entry.kind, entry.side])).toEqual([
      ['released', 'debit'],
      ['released', 'credit'],
    ])
    expect(s.position(s.anna)).toEqual({ posted: 100n, out: 0n, in: 0n })
    expect(records()).toBe(before - 1)
    expect(s.ledger.dueWork(expiresMs)).toBe(false)
    s.ledger.audit()
  })

  it('behavior: expired holds end in (expiry, id) order, before the payload', () => {
    const s = new Scene()
    const late = s.hold(1n, 50_000)
    const early = [s.hold(1n, 20_000)]
    const expiresMs = s.ledger.get<'hold'>({ kind: 'hold', hold: early[0]! })!.expiresMs
    early.push(s.hold(1n, expiresMs - s.timeMs), s.hold(1n, expiresMs - s.timeMs))
    const pay = s.build([[transferOf(s.anna, s.shop, s.eur, 100n)]], { by: [byAccountId(s.anna)] })
    const { receipts } = s.block([pay], 60_000)
    const sorted = [...early].sort(compareBytes)
    expect(receipts.slice(0, 4).map(({ cause }) => cause)).toEqual([...sorted, late])
    expect(receipts[4]!.receipt.position).toEqual({ height: s.ledger.height, phase: 'payload', index: 4 })
    expect(receipts[4]!.receipt.result).toBe('OK')
  })

  it("behavior: the hash chain over a position's entries leads from one record to a later one, without a gap", () => {
    const s = new Scene()
    const record = () => s.ledger.get<'position'>({ kind: 'position', account: s.anna, asset: s.eur })!
    const from = record()
    const { anna: debit, shop: credit, eur: asset } = s
    const terms = { debit, credit, asset, amount: 70n, expiresMs: s.timeMs + 5_000, controller: debit, ...plain }
    const receipts = [
      s.execute([[{ kind: 'hold', ...terms }]], { by: [byAccountId(debit)] }),
      s.execute([[transferOf(debit, credit, asset, 5n)]], { by: [byAccountId(debit)] }),
      ...s.block([], 10_000).receipts,
    ]
    const own = receipts.flatMap(({ entries }) => entries.filter(({ entry }) => equalBytes(entry.account, debit)))
    expect(own.map(({ entry }) => entry.sequence)).toEqual([1, 2, 3])
    let link = from.entriesLink
    for (const { entry, blind } of own) link = nextEntryLink(link, entryLeaf(entry, blind))
    expect(record().entriesLink).toEqual(link)
    expect(record().entries).toBe(4n)
    expect(own.at(-1)!.entry.after).toMatchObject({ debitsPosted: 5n, debitsPending: 0n })
  })
})
