import { describe, expect, it } from 'vitest'
import type { AccountId, Action, Reference } from '../protocol/index.ts'
import { hashOf } from './testing/keys.ts'
import { byAccountId, byMemberNamed, member, plain, TestLedger, transferOf } from './testing/test-ledger.ts'
import { dayMs } from './windows.ts'

class Scene extends TestLedger {
  readonly eur = this.asset('EUR')
  readonly anna = this.open('anna', 'bank-a')
  readonly bert = this.open('bert', 'bank-b')

  constructor() {
    super()
    this.issue(this.eur, this.anna, 1_000n)
  }

  get today(): number {
    return Math.floor(this.timeMs / dayMs)
  }

  reference(name: string, businessDay = this.today): Reference {
    return { member: member('bank-a'), businessDay, key: hashOf(name) }
  }

  payment(name: string, amount: bigint, day?: number): Action {
    const transfer = transferOf(this.anna, this.bert, this.eur, amount)
    return { ...transfer, reference: this.reference(name, day) } as Action
  }

  pay(...groups: Action[][]) {
    return this.execute(groups, { by: [byAccountId(this.anna)] })
  }

  days(): number[] {
    return [...this.ledger.records()].flatMap(({ key }) => (key.kind === 'references' ? [key.businessDay] : []))
  }
}

describe('references', () => {
  it('default: the same payment again moves nothing and points to the first', () => {
    const s = new Scene()
    const first = s.pay([s.payment('r', 10n)])
    const again = s.pay([s.payment('r', 10n)])
    expect(s.balance(s.bert, s.eur)).toBe(10n)
    expect(again.receipt.result).toBe('ALREADY_DONE')
    expect(again.entries).toEqual([])
    const { id, position } = first.receipt
    expect(again.items[0]!.item.original).toEqual({ id, height: position.height, index: position.index, action: 0 })
    expect(again.items[0]!.item.reference).toEqual(s.reference('r'))
  })

  it('behavior: exactly once also within one group, one transaction and one block', () => {
    const s = new Scene()
    const one = s.pay([s.payment('r', 10n), s.payment('r', 10n)], [s.payment('r', 10n)])
    expect(one.items.map(({ item }) => item.result)).toEqual(['OK', 'ALREADY_DONE', 'ALREADY_DONE'])
    expect(one.receipt.result).toBe('OK')
    const by = [byAccountId(s.anna)]
    const { receipts } = s.block([s.build([[s.payment('q', 5n)]], { by }), s.build([[s.payment('q', 5n)]], { by })])
    expect(receipts.map(({ receipt }) => receipt.result)).toEqual(['OK', 'ALREADY_DONE'])
    expect(s.balance(s.bert, s.eur)).toBe(15n)
  })

  it('behavior: nonce, validity and witness are no part of the content; the commitment is', () => {
    const s = new Scene()
    const payment = { ...s.payment('r', 10n), commitment: hashOf('c') } as Action
    expect(s.pay([payment]).receipt.result).toBe('OK')
    s.block([], 500_000)
    expect(s.pay([payment]).receipt.result).toBe('ALREADY_DONE')
    expect(s.pay([{ ...payment, commitment: hashOf('d') } as Action]).receipt.result).toBe('REFERENCE_CONFLICT')
  })

  it('behavior: an action of another kind is other content, though it names the same accounts and amount', () => {
    const s = new Scene()
    const { anna: debit, bert: credit, eur: asset } = s
    const hold = { debit, credit, asset, amount: 10n, expiresMs: s.timeMs + 60_000, controller: debit }
    expect(s.pay([{ kind: 'hold', ...hold, ...plain, reference: s.reference('r') }]).receipt.result).toBe('OK')
    expect(s.pay([s.payment('r', 10n)]).receipt.result).toBe('REFERENCE_CONFLICT')
  })

  it('behavior: a failed action, or one whose group fails, does not use the reference up', () => {
    const s = new Scene()
    expect(s.pay([s.payment('r', 2_000n)]).receipt.result).toBe('INSUFFICIENT_FUNDS')
    expect(s.pay([s.payment('r', 10n), s.payment('q', 2_000n)]).receipt.result).toBe('INSUFFICIENT_FUNDS')
    expect(s.days()).toEqual([])
    expect([...s.ledger.nestedRecords()].map(({ nested }) => nested.kind)).not.toContain('reference')
    expect(s.pay([s.payment('r', 10n)]).receipt.result).toBe('OK')
    expect(s.days()).toEqual([s.today])
  })

  it('behavior: what was done is said to be done, whatever happened to the accounts since', () => {
    const s = new Scene()
    s.pay([s.payment('r', 10n)])
    s.do({ kind: 'set-account-status', account: s.bert, status: 'frozen', reason: 1 }, byMemberNamed('bank-b'))
    expect(s.pay([s.payment('r', 10n)]).receipt.result).toBe('ALREADY_DONE')
  })

  it('behavior: members have references of their own', () => {
    const s = new Scene()
    const back = (reference: Reference): Action => ({ ...transferOf(s.bert, s.anna, s.eur, 1n), reference }) as Action
    s.pay([s.payment('r', 10n)])
    const own = { ...s.reference('r'), member: member('bank-b') }
    expect(s.do(back(own), byAccountId(s.bert))).toBe('OK')
    expect(s.do(back(s.reference('x')), byAccountId(s.bert))).toBe('REFERENCE_MEMBER_WRONG')
  })

  it("behavior: an issue's references are the issuer's", () => {
    const s = new Scene()
    const issue = { kind: 'issue', asset: s.eur, credit: s.bert, amount: 7n, commitment: undefined } as const
    const reference = { ...s.reference('i'), member: member('central') }
    const central = byMemberNamed('central')
    expect(s.do({ ...issue, reference }, central)).toBe('OK')
    expect(s.do({ ...issue, reference }, central)).toBe('ALREADY_DONE')
    expect(s.do({ ...issue, reference: s.reference('i') }, central)).toBe('REFERENCE_MEMBER_WRONG')
  })

  it('behavior: a day is dropped whole once it leaves the window, and a stale repeat is refused, not paid', () => {
    const s = new Scene()
    const day = s.today
    s.pay([s.payment('r', 10n)])
    s.block([], 400 * dayMs)
    expect(s.pay([s.payment('r', 10n, day)]).receipt.result).toBe('ALREADY_DONE')
    expect(s.block([], dayMs).stateChanged).toBe(false)
    expect(s.days()).toEqual([day])
    const refused = s.pay([s.payment('r', 10n, day)])
    expect(refused.receipt.result).toBe('REFERENCE_DATE_OUT_OF_WINDOW')
    expect(s.days()).toEqual([])
    expect(
      s.ledger.getNested<'reference'>(
        { kind: 'references', businessDay: day },
        { kind: 'reference', member: member('bank-a'), key: hashOf('r') },
      ),
    ).toBeUndefined()
    expect(s.balance(s.bert, s.eur)).toBe(10n)
  })

  it('behavior: the window reaches from 400 days back to 7 ahead of the block time, in UTC days', () => {
    const s = new Scene()
    const result = (offset: number) => s.pay([s.payment(`${offset}`, 1n, s.today + offset)]).receipt.result
    expect([-401, -400, 7, 8].map(result)).toEqual([
      'REFERENCE_DATE_OUT_OF_WINDOW',
      'OK',
      'OK',
      'REFERENCE_DATE_OUT_OF_WINDOW',
    ])
  })
})

describe('recent ids', () => {
  const minutes = (s: Scene): number => [...s.ledger.records()].filter(({ key }) => key.kind === 'recent-ids').length

  it('behavior: an id counts once; the minute is kept an hour past its end, then dropped with the next execution', () => {
    const s = new Scene()
    const pay = (amount: bigint) =>
      s.build([[transferOf(s.anna, s.bert, s.eur, amount)]], { by: [byAccountId(s.anna)] })
    s.block([], 7_200_000)
    s.pay([transferOf(s.anna, s.bert, s.eur, 1n)])
    const one = pay(1n)
    expect(s.block([one, one]).skipped).toEqual([{ id: one.id, reason: 'DUPLICATE' }])
    expect(s.block([one], 1_000).skipped).toEqual([{ id: one.id, reason: 'DUPLICATE' }])
    expect(minutes(s)).toBe(1)
    expect(s.block([one], 300_000).skipped).toEqual([{ id: one.id, reason: 'EXPIRED' }])
    s.block([], 7_200_000)
    expect(minutes(s)).toBe(1)
    s.block([pay(2n)])
    expect(minutes(s)).toBe(1)
    expect(s.balance(s.bert, s.eur)).toBe(4n)
  })

  it('behavior: an executed id is found where it was executed', () => {
    const s = new Scene()
    const ordered = s.build([[transferOf(s.anna, s.bert as AccountId, s.eur, 1n)]], { by: [byAccountId(s.anna)] })
    const { receipts } = s.block([ordered])
    const { height, index } = receipts[0]!.receipt.position
    const minute = Math.floor(ordered.transaction.body.validUntilMs / 60_000)
    const found = s.ledger.getNested<'recent-id'>(
      { kind: 'recent-ids', minute },
      { kind: 'recent-id', transaction: ordered.id },
    )
    expect(found).toEqual({ height, index })
  })
})
