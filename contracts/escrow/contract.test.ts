import { LocalLedger } from '@tallystick/contract-kit/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { setAccountStatus } from '../testing/account-status.ts'
import { codeOf } from '../testing/code-of.ts'
import { coolDown } from '../testing/cool-down.ts'
import { contract } from './contract.ts'

const day = 86_400_000
const id = 'order-1'

describe('escrow', () => {
  let ledger: LocalLedger
  let buyer: string
  let seller: string
  let arbiter: string
  let euro: string
  let wood: string
  const deploy = () => ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
  let escrow: Awaited<ReturnType<typeof deploy>>

  beforeEach(async () => {
    ledger = LocalLedger.create()
    buyer = ledger.account('buyer')
    seller = ledger.account('seller')
    arbiter = ledger.account('arbiter')
    euro = ledger.asset('EUR')
    wood = ledger.asset('WOOD', { decimals: 0 })
    ledger.issue(euro, buyer, 100_000n)
    ledger.issue(wood, seller, 50n)
    escrow = await deploy()
  })

  const open = (
    terms: { goods?: { asset: string; amount: bigint }; seller?: string; arbiter?: string; deadlineMs?: number } = {},
  ) => {
    const price = { asset: euro, amount: 60_000n }
    const parties = { buyer, seller, price, deadlineMs: ledger.now + 30 * day }
    escrow.call('open', { id, ...parties, ...terms }, { as: buyer, funds: [{ account: buyer, ...price }] })
  }
  const deliver = (amount: bigint) =>
    escrow.call('deliver', { id }, { as: seller, funds: [{ account: seller, asset: wood, amount }] })
  const stand = () => [buyer, seller, escrow.account].map((account) => ledger.balance(account, euro))

  test('default: goods and payment change hands together', () => {
    open({ goods: { asset: wood, amount: 20n } })
    expect(stand()).toEqual([40_000n, 0n, 60_000n])
    deliver(20n)
    expect(stand()).toEqual([40_000n, 60_000n, 0n])
    expect(ledger.balance(buyer, wood)).toBe(20n)
    expect(escrow.view('deal', { id })).toMatchObject({ status: 'settled', paymentLeft: 0n, goodsIn: true })
    expect(escrow.bookings()).toEqual([])
  })

  test('behavior: without the goods there is no payment, and nothing changed', () => {
    open({ goods: { asset: wood, amount: 51n } })
    expect(codeOf(() => deliver(51n))).toBe('INSUFFICIENT_FUNDS')
    expect(codeOf(() => deliver(50n))).toBe('FUNDS_EXCEEDED')
    expect(stand()).toEqual([40_000n, 0n, 60_000n])
  })

  test('behavior: the buyer releases in parts, and at the deadline the rest comes back by itself', () => {
    open()
    escrow.call('release', { id, by: buyer, amount: 25_000n }, { as: buyer })
    expect(stand()).toEqual([40_000n, 25_000n, 35_000n])
    ledger.advance({ days: 29 })
    expect(stand()[2]).toBe(35_000n)
    ledger.advance({ days: 2 })
    expect(stand()).toEqual([75_000n, 25_000n, 0n])
    expect(escrow.events('refunded').map(({ data }) => data)).toEqual([{ id, amount: '35000', reason: 'deadline' }])
  })

  test('behavior: the arbiter decides either way, nobody else', () => {
    open({ arbiter })
    const release = (by: string, as: string) => codeOf(() => escrow.call('release', { id, by, amount: 1n }, { as }))
    expect(release(seller, seller)).toBe('NOT_A_PARTY')
    expect(release(arbiter, seller)).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => escrow.call('refund', { id, by: buyer }, { as: buyer }))).toBe('NOT_A_PARTY')
    escrow.call('release', { id, by: arbiter, amount: 10_000n }, { as: arbiter })
    escrow.call('refund', { id, by: arbiter }, { as: arbiter })
    expect(stand()).toEqual([90_000n, 10_000n, 0n])
    expect(codeOf(() => escrow.call('refund', { id, by: arbiter }, { as: arbiter }))).toBe('DEAL_OVER')
    expect(escrow.bookings()).toEqual([])
    expect(ledger.advance({ days: 60 })).toEqual([])
  })

  test('behavior: an arbiter that is not named decides nothing', () => {
    open()
    expect(codeOf(() => escrow.call('release', { id, by: arbiter, amount: 1n }, { as: arbiter }))).toBe('NOT_A_PARTY')
    expect(codeOf(() => escrow.call('refund', { id, by: arbiter }, { as: arbiter }))).toBe('NOT_A_PARTY')
  })

  test('error: terms that can not be meant', () => {
    open()
    expect(codeOf(() => open())).toBe('DEAL_EXISTS')
    const other = (terms: Parameters<typeof open>[0] & { id?: string; buyer?: string }) => codeOf(() => open(terms))
    expect(other({ id: 'b', seller: buyer })).toBe('PARTIES_SAME')
    expect(other({ id: 'b', arbiter: seller })).toBe('PARTIES_SAME')
    expect(other({ id: 'b', seller: escrow.account })).toBe('PARTIES_SAME')
    expect(other({ id: 'b', seller: '00'.repeat(32) })).toBe('SELLER_UNKNOWN')
    expect(other({ id: 'b', deadlineMs: ledger.now })).toBe('DEADLINE_PASSED')
    expect(other({ id: 'b', goods: { asset: wood, amount: 0n } })).toBe('AMOUNT_ZERO')
    expect(other({ id: 'b', buyer: escrow.account })).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => escrow.call('expire', { id }, { as: arbiter }))).toBe('DEADLINE_NOT_REACHED')
    expect(codeOf(() => escrow.call('deliver', { id }, { as: seller }))).toBe('NO_GOODS')
    expect(codeOf(() => escrow.view('deal', { id: 'none' }))).toBe('DEAL_UNKNOWN')
  })

  test('behavior: a deadline that the ledger could not keep pays nobody but the buyer', () => {
    open({ arbiter, goods: { asset: wood, amount: 20n } })
    setAccountStatus(ledger, buyer, 'frozen')
    ledger.advance({ days: 31 })
    const told = escrow.events('refund-failed').map(({ data }) => data)
    expect(told).toEqual([{ id, code: 'ACCOUNT_FROZEN' }])
    setAccountStatus(ledger, buyer, 'active')
    expect(codeOf(() => deliver(20n))).toBe('DEADLINE_PASSED')
    const release = (by: string) => codeOf(() => escrow.call('release', { id, by, amount: 1n }, { as: by }))
    expect([release(arbiter), release(buyer)]).toEqual(['DEADLINE_PASSED', 'DEADLINE_PASSED'])
    escrow.call('expire', { id }, { as: seller })
    expect(stand()).toEqual([100_000n, 0n, 0n])
    expect(codeOf(() => escrow.call('expire', { id }, { as: seller }))).toBe('DEAL_OVER')
  })

  test('behavior: the deadline is kept by a contract that nobody has called for long', () => {
    open()
    coolDown(ledger)
    ledger.advance({ days: 30, hours: 1 })
    expect(stand()).toEqual([100_000n, 0n, 0n])
  })

  test('behavior: many deals keep no more of the prepaid steps than one', () => {
    const price = { asset: euro, amount: 10n }
    const before = escrow.prepaidSteps
    const deadlineMs = ledger.now + day
    const left: number[] = []
    for (let i = 0; i < 30; i++) {
      const terms = { id: `deal ${i}`, buyer, seller, price, deadlineMs }
      escrow.call('open', terms, { as: buyer, funds: [{ account: buyer, ...price }] })
      left.push(escrow.prepaidSteps)
    }
    expect(new Set(left).size).toBe(1)
    ledger.advance({ days: 2 })
    expect(escrow.events('refunded')).toHaveLength(30)
    expect(stand()).toEqual([100_000n, 0n, 0n])
    expect(escrow.bookings()).toEqual([])
    expect(before - escrow.prepaidSteps).toBeLessThan(50_000)
  })

  test('behavior: each deal has its own deadline, whoever calls before it', () => {
    const price = { asset: euro, amount: 10n }
    for (const days of [1, 2]) {
      const terms = { id: `in ${days}`, buyer, seller, price, deadlineMs: ledger.now + days * day }
      escrow.call('open', terms, { as: buyer, funds: [{ account: buyer, ...price }] })
    }
    escrow.call('wake', {}, { as: seller })
    expect(stand()[2]).toBe(20n)
    ledger.advance({ days: 1, hours: 1 })
    expect(stand()[2]).toBe(10n)
    ledger.advance({ days: 1 })
    expect(stand()[2]).toBe(0n)
  })

  test('error: no deal is opened that the ledger could not end by itself', async () => {
    const file = new URL('./contract.ts', import.meta.url)
    const poor = await ledger.deploy(contract, file, { as: 'poor', prepaidSteps: 1_000 })
    const price = { asset: euro, amount: 10n }
    const terms = { id, buyer, seller, price, deadlineMs: ledger.now + day }
    const funds = [{ account: buyer, ...price }]
    expect(codeOf(() => poor.call('open', terms, { as: buyer, funds }))).toBe('CONTRACT_PREPAID_TOO_LOW')
    expect(ledger.balance(buyer, euro)).toBe(100_000n)
  })

  test('behavior: one buyer that can not be credited does not hold up the others', () => {
    open()
    const other = ledger.account('other buyer')
    ledger.issue(euro, other, 10n)
    const terms = {
      id: 'other',
      buyer: other,
      seller,
      price: { asset: euro, amount: 10n },
      deadlineMs: ledger.now + 30 * day,
    }
    escrow.call('open', terms, { as: other, funds: [{ account: other, asset: euro, amount: 10n }] })
    setAccountStatus(ledger, buyer, 'frozen')
    ledger.advance({ days: 31 })
    expect(ledger.balance(other, euro)).toBe(10n)
    expect(stand()[2]).toBe(60_000n)
    expect(escrow.events('trigger-stopped')).toEqual([])
  })

  test('behavior: a party finds its deals by their deadlines', () => {
    const price = { asset: euro, amount: 10n }
    for (const days of [3, 1, 2]) {
      const terms = { id: `in ${days}`, buyer, seller, price, deadlineMs: ledger.now + days * day }
      escrow.call('open', terms, { as: buyer, funds: [{ account: buyer, ...price }] })
    }
    for (const [party, as] of [[buyer, 'buyer'] as const, [seller, 'seller'] as const]) {
      expect(escrow.view('deals', { party, as, cursor: '' }).deals.map((deal) => deal.id)).toEqual([
        'in 1',
        'in 2',
        'in 3',
      ])
    }
    expect(escrow.view('deals', { party: seller, as: 'buyer', cursor: '' })).toEqual({ deals: [] })
  })

  test('error: a refusal tells the line of the contract', () => {
    open()
    try {
      escrow.call('release', { id, by: buyer, amount: 60_001n }, { as: buyer })
      expect.unreachable()
    } catch (error) {
      expect((error as Error).message).toBe('AMOUNT_WRONG: from 1 to 60000 can be released')
      expect((error as Error).stack).toMatch(/at run \(.*contract\.ts:\d+:\d+\)/)
    }
  })
})
