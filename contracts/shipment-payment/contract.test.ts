import { type LocalContract, LocalLedger } from '@tallystick/contract-kit/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { setAccountStatus } from '../testing/account-status.ts'
import { codeOf } from '../testing/code-of.ts'
import { coolDown } from '../testing/cool-down.ts'
import { contract } from './contract.ts'
import type { Terms } from './order.ts'

const day = 86_400_000
const id = 'order-1'

describe('shipment-payment', () => {
  let ledger: LocalLedger
  let buyer: string
  let supplier: string
  let carrier: string
  let inspector: string
  let dollar: string
  let orders: LocalContract<typeof contract>

  beforeEach(async () => {
    ledger = LocalLedger.create()
    buyer = ledger.account('buyer')
    supplier = ledger.account('supplier')
    carrier = ledger.account('carrier')
    inspector = ledger.account('inspector')
    dollar = ledger.asset('USD')
    ledger.issue(dollar, buyer, 1_000_000n)
    orders = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
  })

  /** Goods for 9,000.05 and freight for 500.00, due in ten days. */
  const termsOf = (changes: Partial<Terms> = {}): Terms => ({
    buyer,
    supplier,
    carrier,
    inspector,
    asset: dollar,
    lines: [
      { item: 'tablets', quantity: 100, value: 700_005n },
      { item: 'test kits', quantity: 20, value: 200_000n },
    ],
    freight: 50_000n,
    dueMs: ledger.now + 10 * day,
    deadlineMs: ledger.now + 40 * day,
    penalty: { bpsPerDay: 50, bpsMax: 500 },
    confirmDays: 7,
    inspectDays: 14,
    ...changes,
  })
  const open = (changes: Partial<Terms> = {}, name = id, amount = 950_005n) => {
    const terms = termsOf(changes)
    orders.call('open', { id: name, terms }, { as: buyer, funds: [{ account: buyer, asset: dollar, amount }] })
  }
  type Step = 'cancel' | 'pickUp' | 'deliver' | 'confirm' | 'proceed'
  // They all take the same.
  const step = (name: Step, as: string) => codeOf(() => orders.call(name as 'proceed', { id }, { as }))
  const dispute = (as = buyer) => codeOf(() => orders.call('dispute', { id, reason: 'damaged' }, { as }))
  const decide = (accepted: bigint, freight: bigint, as = inspector) =>
    codeOf(() => orders.call('decide', { id, accepted, freight }, { as }))
  const shipped = (daysLater: number) => {
    expect(step('pickUp', carrier)).toBeUndefined()
    ledger.advance({ days: daysLater })
    expect(step('deliver', carrier)).toBeUndefined()
  }
  const stand = () => [supplier, carrier, buyer, orders.account].map((account) => ledger.balance(account, dollar))
  const settled = () => orders.events('settled').map(({ data }) => data)

  test('default: supplier and carrier are paid when carrier and buyer have both signed', () => {
    open()
    expect(stand()).toEqual([0n, 0n, 49_995n, 950_005n])
    shipped(9)
    expect(stand()[3]).toBe(950_005n)
    expect(step('confirm', buyer)).toBeUndefined()
    expect(stand()).toEqual([900_005n, 50_000n, 49_995n, 0n])
    expect(settled()).toEqual([{ id, by: 'buyer', supplier: '900005', carrier: '50000', buyer: '0', penalty: '0' }])
    expect(orders.bookings()).toEqual([])
    expect(ledger.advance({ days: 400 })).toEqual([])
  })

  test('behavior: the two words may come in either order', () => {
    open()
    expect(step('confirm', buyer)).toBe('ORDER_STATE')
    expect(step('pickUp', carrier)).toBeUndefined()
    ledger.advance({ days: 5 })
    expect(step('confirm', buyer)).toBeUndefined()
    expect(step('confirm', buyer)).toBe('ORDER_STATE')
    expect(stand()[3]).toBe(950_005n)
    ledger.advance({ days: 10 })
    expect(step('deliver', carrier)).toBeUndefined()
    expect(settled()).toMatchObject([{ by: 'buyer', penalty: '0' }])
    expect(stand()).toEqual([900_005n, 50_000n, 49_995n, 0n])
  })

  test('behavior: a buyer that stays silent has confirmed', () => {
    open()
    shipped(9)
    ledger.advance({ days: 7 })
    expect(settled()).toMatchObject([{ by: 'silence', supplier: '900005' }])
    expect(dispute()).toBe('ORDER_STATE')
  })

  test.each([
    [10, 0, 0n],
    [11, 1, 4_500n],
    [13, 3, 13_500n],
    [20, 10, 45_000n],
    [39, 29, 45_000n],
  ])('args: delivered after %i days, %i late, costs the supplier %i', (days, lateDays, penalty) => {
    // In the hour before the moment when another day begins.
    const dueMs = ledger.now + 10 * day + 3_600_000
    open({ dueMs })
    shipped(days)
    step('confirm', buyer)
    expect(orders.events('delivered').map(({ data }) => data)).toEqual([{ id, lateDays }])
    expect(stand()).toEqual([900_005n - penalty, 50_000n, 49_995n + penalty, 0n])
  })

  test('behavior: what is not there until the deadline is refunded, and the carrier comes too late', () => {
    open()
    step('pickUp', carrier)
    ledger.advance({ days: 40 })
    expect(stand()).toEqual([0n, 0n, 1_000_000n, 0n])
    expect(step('deliver', carrier)).toBe('ORDER_STATE')
    expect(orders.events('refunded').map(({ data }) => data)).toEqual([{ id, reason: 'deadline', buyer: '950005' }])
  })

  test('behavior: at the deadline the word of the buyer stands for that of the carrier', () => {
    open()
    step('pickUp', carrier)
    ledger.advance({ days: 11, hours: 1 })
    step('confirm', buyer)
    ledger.advance({ days: 30 })
    expect(settled()).toMatchObject([{ by: 'buyer', penalty: '9000' }])
    expect(stand()).toEqual([891_005n, 50_000n, 58_995n, 0n])
  })

  test('behavior: the inspector decides a dispute, in parts, less the penalty on what is accepted', () => {
    open()
    shipped(12)
    expect(dispute()).toBeUndefined()
    expect([decide(900_006n, 0n), decide(0n, 50_001n)]).toEqual(['AMOUNT_TOO_HIGH', 'AMOUNT_TOO_HIGH'])
    expect(decide(1n, 0n, supplier)).toBe('NOT_AUTHORIZED')
    expect(decide(300_001n, 20_000n)).toBeUndefined()
    // Three days begun: 1.5 % of 3,000.01, rounded down.
    expect(settled()).toEqual([
      { id, by: 'inspector', supplier: '295501', carrier: '20000', buyer: '634504', penalty: '4500' },
    ])
    expect(stand()).toEqual([295_501n, 20_000n, 684_499n, 0n])
  })

  test('behavior: the inspector may give everything back', () => {
    open()
    shipped(1)
    dispute()
    decide(0n, 0n)
    expect(stand()).toEqual([0n, 0n, 1_000_000n, 0n])
  })

  test('behavior: an inspector that stays silent has accepted the goods, and the buyer may give in before', () => {
    open()
    shipped(1)
    dispute()
    ledger.advance({ days: 14 })
    expect(settled()).toMatchObject([{ by: 'inspector-silence', supplier: '900005' }])
    expect(decide(0n, 0n)).toBe('ORDER_STATE')
  })

  test('behavior: a buyer that has disputed may give in', () => {
    open()
    shipped(1)
    dispute()
    expect(step('confirm', buyer)).toBeUndefined()
    expect(settled()).toMatchObject([{ by: 'buyer', supplier: '900005' }])
  })

  test('behavior: more orders than one call ends are all refunded in time', () => {
    const deadlineMs = ledger.now + 40 * day
    for (let i = 0; i < 12; i++)
      open({ deadlineMs, freight: 0n, lines: [{ item: 'x', quantity: 1, value: 1n }] }, `o${i}`, 1n)
    ledger.advance({ ms: deadlineMs - ledger.now })
    expect(orders.events('refunded')).toHaveLength(12)
    expect(orders.bookings()).toEqual([])
  })

  test('behavior: the supplier cancels before the carrier has the goods, not after', () => {
    open()
    expect(step('cancel', buyer)).toBe('NOT_AUTHORIZED')
    expect(step('cancel', supplier)).toBeUndefined()
    expect(stand()).toEqual([0n, 0n, 1_000_000n, 0n])
    expect(orders.bookings()).toEqual([])
    open({}, 'order-2')
    orders.call('pickUp', { id: 'order-2' }, { as: carrier })
    expect(codeOf(() => orders.call('cancel', { id: 'order-2' }, { as: supplier }))).toBe('ORDER_STATE')
  })

  test('error: each step is its own party’s, in its own time', () => {
    open()
    expect(step('deliver', carrier)).toBe('ORDER_STATE')
    expect(step('pickUp', supplier)).toBe('NOT_AUTHORIZED')
    expect(step('proceed', supplier)).toBe('NOT_DUE')
    orders.call('wake', {}, { as: supplier })
    step('pickUp', carrier)
    expect(step('deliver', buyer)).toBe('NOT_AUTHORIZED')
    expect(dispute()).toBe('ORDER_STATE')
    step('deliver', carrier)
    expect(step('deliver', carrier)).toBe('ORDER_STATE')
    expect(step('confirm', supplier)).toBe('NOT_AUTHORIZED')
    expect(step('proceed', supplier)).toBe('NOT_DUE')
    expect(dispute(supplier)).toBe('NOT_AUTHORIZED')
    expect(decide(0n, 0n)).toBe('ORDER_STATE')
    step('confirm', buyer)
    for (const name of ['cancel', 'pickUp', 'deliver', 'confirm', 'proceed'] as const) {
      expect(step(name, buyer)).toBe('ORDER_STATE')
    }
  })

  test('error: without an inspector there is no dispute', () => {
    const { inspector: _, ...terms } = termsOf()
    const funds = [{ account: buyer, asset: dollar, amount: 950_005n }]
    orders.call('open', { id, terms }, { as: buyer, funds })
    shipped(1)
    expect(dispute()).toBe('NO_INSPECTOR')
  })

  test('error: terms that can not be meant', () => {
    open()
    expect(codeOf(() => open())).toBe('ORDER_EXISTS')
    const other = (changes: Partial<Terms>) => codeOf(() => open(changes, 'other'))
    expect(other({ supplier: buyer })).toBe('PARTIES_SAME')
    expect(other({ carrier: buyer })).toBe('PARTIES_SAME')
    expect(other({ supplier: orders.account })).toBe('PARTIES_SAME')
    expect(other({ inspector: carrier })).toBe('PARTIES_SAME')
    expect(other({ supplier: '00'.repeat(32) })).toBe('PARTY_UNKNOWN')
    expect(other({ asset: '00'.repeat(32) })).toBe('ASSET_UNKNOWN')
    expect(other({ dueMs: ledger.now })).toBe('TIME_INVALID')
    expect(other({ deadlineMs: ledger.now + day })).toBe('TIME_INVALID')
    expect(other({ freight: 0n, lines: [{ item: 'air', quantity: 1, value: 0n }] })).toBe('AMOUNT_ZERO')
    expect(other({ buyer: orders.account })).toBe('NOT_AUTHORIZED')
    expect(other({ freight: 50_001n })).toBe('FUNDS_EXCEEDED')
    expect(codeOf(() => orders.view('order', { id: 'none' }))).toBe('ORDER_UNKNOWN')
  })

  test('behavior: a party that can not be credited holds up nobody, and claims its money later', () => {
    open()
    shipped(12)
    setAccountStatus(ledger, carrier, 'frozen')
    setAccountStatus(ledger, buyer, 'frozen')
    ledger.advance({ days: 7 })
    expect(stand()).toEqual([886_505n, 0n, 49_995n, 63_500n])
    expect(orders.view('unclaimed', { id })).toHaveLength(2)
    const claim = (account: string) => codeOf(() => orders.call('claim', { id, account }, { as: inspector }))
    expect([claim(carrier), claim(supplier)]).toEqual(['ACCOUNT_FROZEN', 'NOTHING_UNCLAIMED'])
    setAccountStatus(ledger, carrier, 'active')
    setAccountStatus(ledger, buyer, 'active')
    expect([claim(carrier), claim(carrier), claim(buyer)]).toEqual([undefined, 'NOTHING_UNCLAIMED', undefined])
    expect(stand()).toEqual([886_505n, 50_000n, 63_495n, 0n])
  })

  test('behavior: the longest id that an order can have does not hold up others', () => {
    // Characters of four bytes, and of one that take two in the middle of a key.
    const idOf = (wide: number) => String.fromCodePoint(0x1f69a).repeat(wide) + '!'.repeat(64 - wide)
    const widest = Array.from({ length: 64 }, (_, i) => 64 - i)
    const longest = idOf(widest.find((wide) => codeOf(() => open({}, idOf(wide))) === undefined)!)
    expect(longest.length).toBeGreaterThan(80)
    setAccountStatus(ledger, buyer, 'frozen')
    ledger.advance({ days: 41 })
    expect(orders.events('trigger-stopped')).toEqual([])
    expect(orders.view('unclaimed', { id: longest })).toMatchObject([{ account: buyer, amount: 950_005n }])
  })

  test('behavior: the supplier may be the carrier, also where it can not be credited', () => {
    open({ carrier: supplier })
    for (const name of ['pickUp', 'deliver'] as const) expect(step(name, supplier)).toBeUndefined()
    setAccountStatus(ledger, supplier, 'frozen')
    step('confirm', buyer)
    setAccountStatus(ledger, supplier, 'active')
    orders.call('claim', { id, account: supplier }, { as: supplier })
    expect(stand()).toEqual([950_005n, 0n, 49_995n, 0n])
  })

  test('behavior: a deadline that the ledger could not keep is a deadline still', () => {
    const setStatus = (status: 'paused' | 'active') => {
      const contractId = Uint8Array.from(Buffer.from(orders.id, 'hex')) as never
      ledger.execute({ kind: 'set-contract-status', contract: contractId, status, reason: 0 }, [
        ledger.member('publisher'),
      ])
    }
    open()
    step('pickUp', carrier)
    ledger.advance({ days: 39 })
    setStatus('paused')
    ledger.advance({ days: 1 })
    setStatus('active')
    expect(step('deliver', carrier)).toBe('TOO_LATE')
    expect(step('proceed', inspector)).toBeUndefined()
    expect(stand()).toEqual([0n, 0n, 1_000_000n, 0n])
  })

  test('behavior: a deadline is kept by a contract that nobody has called for long', () => {
    open()
    coolDown(ledger)
    ledger.advance({ days: 40 })
    expect(stand()).toEqual([0n, 0n, 1_000_000n, 0n])
  })

  test('behavior: parties find their orders', () => {
    open()
    for (const [party, as] of [
      [buyer, 'buyer'] as const,
      [supplier, 'supplier'] as const,
      [carrier, 'carrier'] as const,
    ]) {
      const listed = orders.view('orders', { party, as, cursor: '' })
      expect(listed).toMatchObject({ orders: [{ id, status: 'open', value: 900_005n }] })
    }
    expect(orders.view('orders', { party: buyer, as: 'carrier', cursor: '' })).toEqual({ orders: [] })
  })
})
