import { describe, expect, it } from 'vitest'
import type { AccountId, Action, AssetId, ResultCode } from '../protocol/index.ts'
import type { ExecutedReceipt } from './block-result.ts'
import { byAccountId, byMemberNamed, TestLedger, transferOf } from './testing/test-ledger.ts'

function scene() {
  const test = new TestLedger()
  const eur = test.asset('EUR')
  const usd = test.asset('USD')
  const bond = test.asset('BOND')
  const [anna, bert, carl] = ['anna', 'bert', 'carl'].map((name) => test.open(name, 'bank-a')) as [
    AccountId,
    AccountId,
    AccountId,
  ]
  test.issue(eur, anna, 100n)
  test.issue(usd, bert, 100n)
  test.issue(bond, bert, 5n)
  return { test, eur, usd, bond, anna, bert, carl }
}

const codes = (receipt: ExecutedReceipt): ResultCode[] => receipt.items.map(({ item }) => item.result)

describe('groups', () => {
  it('behavior: delivery versus payment happens whole', () => {
    const { test, eur, bond, anna, bert } = scene()
    const group = [transferOf(bert, anna, bond, 5n), transferOf(anna, bert, eur, 60n)]
    const receipt = test.execute([group], { by: [byAccountId(anna), byAccountId(bert)] })
    expect(codes(receipt)).toEqual(['OK', 'OK'])
    expect([test.balance(anna, bond), test.balance(bert, eur)]).toEqual([5n, 60n])
    expect(receipt.entries).toHaveLength(4)
  })

  it('behavior: or not at all: a leg that fails undoes the leg before it', () => {
    const { test, eur, bond, anna, bert } = scene()
    const group = [transferOf(bert, anna, bond, 5n), transferOf(anna, bert, eur, 101n)]
    const receipt = test.execute([group], { by: [byAccountId(anna), byAccountId(bert)] })
    expect(codes(receipt)).toEqual(['GROUP_ABORTED', 'INSUFFICIENT_FUNDS'])
    expect(receipt.receipt.result).toBe('INSUFFICIENT_FUNDS')
    expect(receipt.entries).toEqual([])
    expect([test.balance(anna, bond), test.balance(bert, bond), test.balance(anna, eur)]).toEqual([0n, 5n, 100n])
  })

  it('behavior: payment versus payment needs both parties', () => {
    const { test, eur, usd, anna, bert } = scene()
    const group = [transferOf(anna, bert, eur, 50n), transferOf(bert, anna, usd, 55n)]
    expect(codes(test.execute([group], { by: [byAccountId(anna)] }))).toEqual(['GROUP_ABORTED', 'NOT_AUTHORIZED'])
    expect(codes(test.execute([group], { by: [byAccountId(anna), byAccountId(bert)] }))).toEqual(['OK', 'OK'])
    expect([test.balance(anna, usd), test.balance(bert, eur)]).toEqual([55n, 50n])
  })

  it('behavior: groups of one transaction stand alone', () => {
    const { test, eur, anna, bert, carl } = scene()
    const groups = [
      [transferOf(anna, bert, eur, 80n)],
      [transferOf(anna, bert, eur, 80n)],
      [transferOf(anna, carl, eur, 20n)],
    ]
    const receipt = test.execute(groups, { by: [byAccountId(anna)] })
    expect(codes(receipt)).toEqual(['OK', 'INSUFFICIENT_FUNDS', 'OK'])
    expect(receipt.receipt.result).toBe('PARTLY_DONE')
    expect(receipt.items.map(({ item }) => [item.group, item.action])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
  })

  const circle = ({ anna, bert, carl, eur }: ReturnType<typeof scene>, last: bigint): Action[] => [
    transferOf(carl, anna, eur, 70n),
    transferOf(bert, carl, eur, 90n),
    transferOf(anna, bert, eur, last),
  ]

  it('behavior: a netted group may pass below a floor on its way', () => {
    const s = scene()
    const by = [s.anna, s.bert, s.carl].map(byAccountId)
    expect(codes(s.test.execute([circle(s, 150n)], { by }))).toEqual([
      'INSUFFICIENT_FUNDS',
      'GROUP_ABORTED',
      'GROUP_ABORTED',
    ])
    expect(codes(s.test.execute([circle(s, 150n)], { by, netted: true }))).toEqual(['OK', 'OK', 'OK'])
    expect([s.anna, s.bert, s.carl].map((a) => s.test.balance(a, s.eur))).toEqual([20n, 60n, 20n])
    s.test.ledger.audit()
  })

  it('error: a netted group that ends below a floor blames the last action that took from it', () => {
    const s = scene()
    const root = s.test.balance(s.anna, s.eur)
    const by = [s.anna, s.bert, s.carl].map(byAccountId)
    const receipt = s.test.execute([circle(s, 80n)], { by, netted: true })
    expect(codes(receipt)).toEqual(['GROUP_ABORTED', 'INSUFFICIENT_FUNDS', 'GROUP_ABORTED'])
    expect(s.test.balance(s.anna, s.eur)).toBe(root)
  })

  it('behavior: a failed group leaves every record as it was, its blind too', () => {
    const { test, eur, anna, bert } = scene()
    const position = (account: AccountId, asset: AssetId) =>
      test.ledger.prove([{ key: { kind: 'position', account, asset } }])[0]!.record
    const before = [position(anna, eur), position(bert, eur)]
    test.execute([[transferOf(anna, bert, eur, 1n), transferOf(anna, bert, eur, 100n)]], { by: [byAccountId(anna)] })
    expect([position(anna, eur), position(bert, eur)]).toEqual(before)
    expect(before[1]).toBeUndefined()
  })
})

describe('floors', () => {
  it('behavior: a credit line is a floor below zero', () => {
    const { test, eur, bert, carl } = scene()
    const line = { kind: 'set-credit-line', account: carl, asset: eur, creditLine: 30n } as const
    expect(test.do(line, byMemberNamed('central'))).toBe('OK')
    expect(test.do(transferOf(carl, bert, eur, 31n), byAccountId(carl))).toBe('INSUFFICIENT_FUNDS')
    expect(test.do(transferOf(carl, bert, eur, 30n), byAccountId(carl))).toBe('OK')
    expect(test.balance(carl, eur)).toBe(-30n)
    test.ledger.audit()
  })

  it('behavior: a line taken back, or a frozen amount, stops debits and lets credits in', () => {
    const { test, eur, anna, carl } = scene()
    const central = byMemberNamed('central')
    test.do({ kind: 'set-credit-line', account: carl, asset: eur, creditLine: 30n }, central)
    expect(test.do(transferOf(carl, anna, eur, 30n), byAccountId(carl))).toBe('OK')
    test.do({ kind: 'set-credit-line', account: carl, asset: eur, creditLine: 0n }, central)
    expect(test.do(transferOf(carl, anna, eur, 1n), byAccountId(carl))).toBe('INSUFFICIENT_FUNDS')
    expect(test.do(transferOf(anna, carl, eur, 10n), byAccountId(anna))).toBe('OK')
    const freeze = { kind: 'freeze-amount', account: anna, asset: eur, amount: 100n, reason: 4 } as const
    expect(test.do(freeze, byMemberNamed('regulator'))).toBe('OK')
    expect(test.do(transferOf(anna, carl, eur, 21n), byAccountId(anna))).toBe('INSUFFICIENT_FUNDS')
    expect(test.do(transferOf(anna, carl, eur, 20n), byAccountId(anna))).toBe('OK')
  })

  it('behavior: redemption takes out of circulation what issuance brought in', () => {
    const { test, eur, anna } = scene()
    const redeem = {
      kind: 'redeem',
      asset: eur,
      debit: anna,
      amount: 40n,
      reference: undefined,
      commitment: undefined,
    } as const
    const by = [byAccountId(anna), byMemberNamed('central')]
    expect(codes(test.execute([[redeem]], { by }))).toEqual(['OK'])
    const { issuanceAccount } = test.ledger.get<'asset'>({ kind: 'asset', asset: eur })!
    expect(test.balance(issuanceAccount, eur)).toBe(-60n)
    expect(codes(test.execute([[{ ...redeem, amount: 61n }]], { by }))).toEqual(['INSUFFICIENT_FUNDS'])
  })
})
