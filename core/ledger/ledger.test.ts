import { describe, expect, it } from 'vitest'
import { byAccountId, TestLedger, transferOf } from './testing/test-ledger.ts'

describe('Ledger', () => {
  it('default: issues, transfers, and moves exactly the amount', () => {
    const test = new TestLedger()
    const eur = test.asset('EUR')
    const anna = test.open('anna', 'bank-a')
    const bert = test.open('bert', 'bank-b')
    test.issue(eur, anna, 1_000n)
    expect(test.do(transferOf(anna, bert, eur, 300n), byAccountId(anna))).toBe('OK')
    expect(test.balance(anna, eur)).toBe(700n)
    expect(test.balance(bert, eur)).toBe(300n)
    test.ledger.audit()
  })
})
