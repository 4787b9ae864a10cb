import { expect, test } from 'vitest'
import { LocalLedger } from './index.ts'
import { contract } from './testing/standing-order.ts'

const file = new URL('./testing/standing-order.ts', import.meta.url)

test('a cadence ends when the contract cancels the booking that it is called by', async () => {
  const ledger = LocalLedger.create()
  const orders = await ledger.deploy(contract, file)
  expect(ledger.advance({ minutes: 2 }).length).toBeGreaterThan(0)
  expect(orders.bookings()).toHaveLength(1)
  ledger.advance({ days: 1 })
  expect([orders.view('ticks', {}), orders.bookings()]).toEqual([3, []])
  expect(orders.lastLog).toEqual(['last true'])
  ledger.kernel.audit()
})

test("what is taken is from the call's funds, not from the contract itself", async () => {
  const ledger = LocalLedger.create()
  const [owner, thief, asset] = [ledger.account('owner'), ledger.account('thief'), ledger.asset('EUR')]
  ledger.issue(asset, owner, 100n)
  const orders = await ledger.deploy(contract, file)
  const collect = (from: string, to: string, amount: bigint, as: string) =>
    orders.call('collect', { from, to, asset, amount }, { as, funds: [{ account: as, asset, amount }] })
  collect(owner, orders.account, 60n, owner)
  expect(() => collect(orders.account, thief, 60n, thief)).toThrow(expect.objectContaining({ code: 'FUNDS_MISSING' }))
  expect([ledger.balance(orders.account, asset), ledger.balance(thief, asset)]).toEqual([60n, 0n])
})
