import { LocalLedger } from '@tallystick/contract-kit/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { contract } from './contract.ts'

const day = 86_400_000

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
    ;[buyer, seller, arbiter] = ['buyer', 'seller', 'arbiter'].map((name) => ledger.account(name)) as [
      string,
      string,
      string,
    ]
    euro = ledger.asset('EUR')
    wood = ledger.asset('WOOD', { decimals: 0 })
    ledger.issue(euro, buyer, 100_000n)
    ledger.issue(wood, seller, 50n)
    escrow = await deploy()
  })

  const open = (terms: { goods?: { asset: string; amount: bigint }; arbiter?: string } = {}) => {
    const price = { asset: euro, amount: 60_000n }
    const parties = { buyer, seller, price, deadlineMs: ledger.now + 30 * day }
    escrow.call('open', { id: 'order-1', ...parties, ...terms }, { as: buyer, funds: [{ account: buyer, ...price }] })
  }
  const stand = () => [buyer, seller, escrow.account].map((account) => ledger.balance(account, euro))
  const failing = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      return (error as { code: string }).code
    }
    throw new Error('it was done')
  }

  test('goods and payment change hands together', () => {
    open({ goods: { asset: wood, amount: 20n } })
    expect(stand()).toEqual([40_000n, 0n, 60_000n])
    escrow.call('deliver', { id: 'order-1' }, { as: seller, funds: [{ account: seller, asset: wood, amount: 20n }] })
    expect(stand()).toEqual([40_000n, 60_000n, 0n])
    expect(ledger.balance(buyer, wood)).toBe(20n)
    expect(escrow.view('deal', { id: 'order-1' })).toMatchObject({ status: 'settled', paymentLeft: 0n, goodsIn: true })
    expect(escrow.bookings()).toEqual([])
  })

  test('without the goods there is no payment, and nothing changed', () => {
    open({ goods: { asset: wood, amount: 51n } })
    const funds = [{ account: seller, asset: wood, amount: 51n }]
    expect(failing(() => escrow.call('deliver', { id: 'order-1' }, { as: seller, funds }))).toBe('INSUFFICIENT_FUNDS')
    expect(stand()).toEqual([40_000n, 0n, 60_000n])
  })

  test('the buyer releases in parts, and at the deadline the rest comes back by itself', () => {
    open()
    escrow.call('release', { id: 'order-1', by: buyer, amount: 25_000n }, { as: buyer })
    expect(stand()).toEqual([40_000n, 25_000n, 35_000n])
    ledger.advance({ days: 29 })
    expect(stand()[2]).toBe(35_000n)
    ledger.advance({ days: 2 })
    expect(stand()).toEqual([75_000n, 25_000n, 0n])
    expect(escrow.events('refunded').map(({ data }) => data)).toEqual([
      { id: 'order-1', amount: '35000', reason: 'deadline' },
    ])
  })

  test('the arbiter decides either way, nobody else', () => {
    open({ arbiter })
    expect(failing(() => escrow.call('release', { id: 'order-1', by: seller, amount: 1n }, { as: seller }))).toBe(
      'NOT_A_PARTY',
    )
    expect(failing(() => escrow.call('release', { id: 'order-1', by: arbiter, amount: 1n }, { as: seller }))).toBe(
      'NOT_AUTHORIZED',
    )
    escrow.call('release', { id: 'order-1', by: arbiter, amount: 10_000n }, { as: arbiter })
    escrow.call('refund', { id: 'order-1', by: arbiter }, { as: arbiter })
    expect(stand()).toEqual([90_000n, 10_000n, 0n])
    expect(failing(() => escrow.call('refund', { id: 'order-1', by: arbiter }, { as: arbiter }))).toBe('DEAL_OVER')
    expect(ledger.advance({ days: 60 })).toEqual([])
  })

  test('a refusal tells the line of the contract', () => {
    open()
    try {
      escrow.call('release', { id: 'order-1', by: buyer, amount: 60_001n }, { as: buyer })
      expect.unreachable()
    } catch (error) {
      expect((error as Error).message).toBe('AMOUNT_WRONG: from 1 to 60000 can be released')
      expect((error as Error).stack).toMatch(/at run \(.*contract\.ts:\d+:\d+\)/)
    }
  })
})
