import { type LocalContract, LocalLedger } from '@tallystick/contract-kit/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { setAccountStatus } from '../testing/account-status.ts'
import { codeOf } from '../testing/code-of.ts'
import { coolDown } from '../testing/cool-down.ts'
import { contract as minuteFiller } from '../testing/minute-filler.ts'
import { contract } from './contract.ts'
import type { Terms } from './mandate.ts'

const id = 'rent'

describe('recurring-payment', () => {
  let ledger: LocalLedger
  let payer: string
  let payee: string
  let stranger: string
  let euro: string
  let mandates: LocalContract<typeof contract>

  // The ledger begins on Monday, 5 January 2026, at 09:00.
  beforeEach(async () => {
    ledger = LocalLedger.create()
    payer = ledger.account('payer')
    payee = ledger.account('payee')
    stranger = ledger.account('stranger')
    euro = ledger.asset('EUR')
    ledger.issue(euro, payer, 100_000n)
    ledger.issue(euro, stranger, 100_000n)
    mandates = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
  })

  /** 100.00 at the end of every month, at 06:00 of the business day that follows. */
  const termsOf = (changes: Partial<Terms> = {}): Terms => ({
    payer,
    payee,
    asset: euro,
    kind: 'fixed',
    amount: 10_000n,
    cadence: { unit: 'months', every: 1, day: 31 },
    firstDate: '2026-01-10',
    hour: 6,
    calendar: { closed: 'target2', holidays: [] },
    convention: 'following',
    retries: 3,
    ...changes,
  })
  const open = (changes: Partial<Terms> = {}, deposit = 100_000n, name = id) => {
    const terms = termsOf(changes)
    const funds = [{ account: terms.payer, asset: euro, amount: deposit }]
    return mandates.call('open', { id: name, terms, deposit }, { as: terms.payer, funds: deposit > 0n ? funds : [] })
  }
  const until = (time: string) => ledger.advance({ ms: Date.parse(`${time}Z`) - ledger.now })
  const held = () => mandates.view('mandate', { id }).balance
  const at = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 16)
  const told = (topic: string) =>
    mandates.events(topic).map((event) => ({ at: at(event.timeMs), ...(event.data as object) }))
  const times = (topic: string) => told(topic).map((event) => event.at)
  const codes = () => told('skipped').map((event) => (event as unknown as { code: string }).code)

  test('default: the payer signs once, and each payment is made at its hour of a business day', () => {
    open()
    until('2026-05-10T00:00')
    expect(times('paid')).toEqual(['2026-02-02T06:00', '2026-03-02T06:00', '2026-03-31T06:00', '2026-04-30T06:00'])
    expect(ledger.balance(payee, euro)).toBe(40_000n)
    expect(held()).toBe(60_000n)
    expect(told('paid')[0]).toMatchObject({ id, number: 0, date: '2026-01-31', amount: '10000' })
  })

  test.each([
    ['modified-following', ['2026-01-30T06:00', '2026-02-27T06:00', '2026-03-31T06:00']],
    ['preceding', ['2026-01-30T06:00', '2026-02-27T06:00', '2026-03-31T06:00']],
  ] as const)('args: convention %s', (convention, expected) => {
    open({ convention })
    until('2026-04-01T00:00')
    expect(times('paid')).toEqual(expected)
  })

  test('args: cadence in days and weeks, holidays of the mandate itself', () => {
    const weekly = { cadence: { unit: 'weeks', every: 1 }, firstDate: '2026-01-07' } as const
    open({ ...weekly, calendar: { closed: 'weekends', holidays: ['2026-01-14', '2026-01-15', '2026-01-16'] } })
    until('2026-01-22T00:00')
    expect(times('paid')).toEqual(['2026-01-07T06:00', '2026-01-19T06:00', '2026-01-21T06:00'])
  })

  test('behavior: more payments than one call makes are all made in time', () => {
    for (let i = 0; i < 20; i++) open({ amount: 1n }, 5n, `rent ${i}`)
    until('2026-02-02T06:00')
    expect(times('paid')).toEqual(Array(20).fill('2026-02-02T06:00'))
  })

  test('behavior: payments of closed days that follow one another are all made on the next business day', () => {
    open({ cadence: { unit: 'days', every: 1 }, firstDate: '2026-01-09', payments: 5 })
    until('2026-01-20T00:00')
    expect(times('paid')).toEqual(['2026-01-09T06:00', ...Array(3).fill('2026-01-12T06:00'), '2026-01-13T06:00'])
    expect(told('ended')).toMatchObject([{ at: '2026-01-13T06:00', reason: 'complete', returned: '50000' }])
  })

  test('behavior: without cover a payment is tried again on business days, and made as soon as there is some', () => {
    open({}, 0n)
    until('2026-02-03T12:00')
    expect(told('not-paid').map(({ at }) => at)).toEqual(['2026-02-02T06:00', '2026-02-03T06:00'])
    ledger.transfer({
      from: stranger,
      to: mandates.view('mandate', { id }).mandate.account,
      asset: euro,
      amount: 10_000n,
    })
    until('2026-02-05T00:00')
    expect(times('paid')).toEqual(['2026-02-04T06:00'])
    expect(ledger.balance(payee, euro)).toBe(10_000n)
  })

  test('behavior: after its retries a payment is skipped and never made later', () => {
    open({}, 0n)
    until('2026-02-05T07:00')
    expect(times('not-paid')).toEqual(['2026-02-02T06:00', '2026-02-03T06:00', '2026-02-04T06:00'])
    expect(told('skipped')).toMatchObject([{ at: '2026-02-05T06:00', number: 0, amount: '10000', code: 'NO_COVER' }])
    mandates.call(
      'deposit',
      { id, from: payer, amount: 30_000n },
      { as: payer, funds: [{ account: payer, asset: euro, amount: 30_000n }] },
    )
    until('2026-03-03T00:00')
    expect(told('paid')).toMatchObject([{ at: '2026-03-02T06:00', number: 1 }])
  })

  test('behavior: a payment is not tried again when the next one falls due', () => {
    open({ cadence: { unit: 'days', every: 1 }, firstDate: '2026-01-06', retries: 5 }, 0n)
    until('2026-01-08T00:00')
    expect(times('not-paid')).toEqual([])
    expect(codes()).toEqual(['NO_COVER', 'NO_COVER'])
  })

  test('behavior: the total ends the mandate with a smaller payment, the rest goes back', () => {
    open({ totalMax: 25_000n }, 40_000n)
    until('2027-01-01T00:00')
    expect(told('paid').map((event) => (event as unknown as { amount: string }).amount)).toEqual([
      '10000',
      '10000',
      '5000',
    ])
    expect(told('ended')).toMatchObject([{ at: '2026-03-31T06:00', reason: 'total', returned: '15000' }])
    expect([ledger.balance(payer, euro), held()]).toEqual([75_000n, 0n])
    expect(mandates.bookings()).toEqual([])
  })

  test('behavior: the last date and the number of payments end the mandate', () => {
    open({ lastDate: '2026-03-30' })
    open({ payments: 1 }, 0n, 'once')
    until('2026-12-31T00:00')
    expect(told('paid').map((event) => (event as unknown as { date: string }).date)).toEqual([
      '2026-01-31',
      '2026-02-28',
    ])
    expect(told('ended')).toMatchObject([{ id: 'once' }, { id, at: '2026-03-02T06:00', reason: 'complete' }])
    expect(codes()).toEqual(['NO_COVER'])
  })

  test('behavior: no more is paid in a period than was signed for', () => {
    const weekly = { cadence: { unit: 'weeks', every: 1 }, firstDate: '2026-01-07', amount: 100n } as const
    open({ ...weekly, periodMax: { period: 'month', amount: 350n } })
    until('2026-03-01T00:00')
    const paid = told('paid').map((event) => (event as unknown as { date: string }).date.slice(5))
    expect(paid).toEqual(['01-07', '01-14', '01-21', '02-04', '02-11', '02-18'])
    expect(codes()).toEqual(['PERIOD_MAX', 'PERIOD_MAX'])
  })

  test('behavior: the payee collects what it asks for, up to what was signed, once', () => {
    open({ kind: 'collected', totalMax: 15_000n })
    const request = (number: number, amount: bigint, as = payee) =>
      codeOf(() => mandates.call('request', { id, number, amount }, { as }))
    expect(request(0, 10_001n)).toBe('AMOUNT_TOO_HIGH')
    expect(request(1, 1n)).toBe('NOT_NEXT')
    expect(request(0, 1n, payer)).toBe('NOT_AUTHORIZED')
    expect(request(0, 9_000n)).toBeUndefined()
    expect(request(0, 8_000n)).toBeUndefined()
    until('2026-02-03T00:00')
    expect(request(0, 5_000n)).toBe('NOT_NEXT')
    expect(request(1, 7_001n)).toBe('AMOUNT_TOO_HIGH')
    until('2026-03-03T00:00')
    expect(ledger.balance(payee, euro)).toBe(8_000n)
    expect(told('skipped')).toMatchObject([{ at: '2026-03-02T06:00', number: 1, code: 'NOT_REQUESTED' }])
  })

  test('behavior: nothing fires after the mandate is withdrawn', () => {
    open()
    until('2026-02-15T00:00')
    mandates.call('end', { id, by: payer }, { as: payer })
    expect(told('ended')).toMatchObject([{ reason: 'payer', returned: '90000' }])
    expect(ledger.balance(payer, euro)).toBe(90_000n)
    expect(mandates.bookings()).toEqual([])
    expect(ledger.advance({ days: 400 })).toEqual([])
    expect(codeOf(() => mandates.call('pay', { id }, { as: payee }))).toBe('MANDATE_ENDED')
    expect(mandates.view('dates', { id, count: 3 })).toEqual([])
  })

  test('behavior: the payer withdraws what is left at any time, also what comes after the end', () => {
    const { account } = open()
    mandates.call('withdraw', { id, amount: 99_000n }, { as: payer })
    expect(held()).toBe(1_000n)
    mandates.call('end', { id, by: payee }, { as: payee })
    expect(codeOf(() => mandates.call('withdraw', { id }, { as: payer }))).toBe('NOTHING_LEFT')
    ledger.transfer({ from: stranger, to: account, asset: euro, amount: 5n })
    expect(codeOf(() => mandates.call('withdraw', { id }, { as: stranger }))).toBe('NOT_AUTHORIZED')
    mandates.call('withdraw', { id }, { as: payer })
    expect(ledger.balance(payer, euro)).toBe(100_005n)
  })

  test('error: nobody reaches into an account of another mandate', () => {
    const { account } = open()
    open({ payer: stranger }, 1n, 'thief')
    const deposit = { id: 'thief', from: account, amount: 1_000n }
    expect(codeOf(() => mandates.call('deposit', deposit, { as: stranger }))).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => mandates.call('withdraw', { id }, { as: stranger }))).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => mandates.call('end', { id, by: stranger }, { as: stranger }))).toBe('NOT_A_PARTY')
    expect(codeOf(() => mandates.call('end', { id, by: payer }, { as: stranger }))).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => mandates.call('pay', { id }, { as: payee }))).toBe('NOT_DUE')
    mandates.call('wake', {}, { as: payee })
    expect(held()).toBe(100_000n)
  })

  test('error: terms that can not be meant', () => {
    open()
    expect(codeOf(() => open())).toBe('MANDATE_EXISTS')
    const other = (changes: Partial<Terms>) => codeOf(() => open(changes, 0n, 'other'))
    expect(other({ payee: payer })).toBe('PARTIES_SAME')
    expect(other({ payee: '00'.repeat(32) })).toBe('PAYEE_UNKNOWN')
    expect(other({ asset: '00'.repeat(32) })).toBe('ASSET_UNKNOWN')
    expect(other({ amount: 0n })).toBe('AMOUNT_ZERO')
    expect(other({ totalMax: 0n })).toBe('AMOUNT_ZERO')
    expect(other({ periodMax: { period: 'week', amount: 9_999n } })).toBe('PERIOD_MAX_TOO_LOW')
    expect(other({ lastDate: '2026-01-30' })).toBe('NO_PAYMENT')
    expect(other({ cadence: { unit: 'days', every: 1 }, firstDate: '2026-01-05' })).toBe('FIRST_PAYMENT_PAST')
    expect(codeOf(() => mandates.call('open', { id: 'x', terms: termsOf() }, { as: stranger }))).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => mandates.call('request', { id, number: 0, amount: 1n }, { as: payee }))).toBe('AMOUNT_FIXED')
    expect(codeOf(() => mandates.view('mandate', { id: 'none' }))).toBe('MANDATE_UNKNOWN')
  })

  test('behavior: a payee that can not be credited is a payment that is not made, and the mandate goes on', () => {
    open({ retries: 1 })
    setAccountStatus(ledger, payee, 'frozen')
    until('2026-02-04T00:00')
    expect(codes()).toEqual(['ACCOUNT_FROZEN'])
    setAccountStatus(ledger, payee, 'active')
    until('2026-03-03T00:00')
    expect(times('paid')).toEqual(['2026-03-02T06:00'])
  })

  test('behavior: a mandate ends though its payer can not be credited, who withdraws later', () => {
    open({ payments: 1 })
    setAccountStatus(ledger, payer, 'frozen')
    until('2026-02-03T00:00')
    expect(told('ended')).toMatchObject([{ reason: 'complete', returned: '0' }])
    setAccountStatus(ledger, payer, 'active')
    mandates.call('withdraw', { id }, { as: payer })
    expect(ledger.balance(payer, euro)).toBe(90_000n)
  })

  test('behavior: a full minute delays a payment, and does not stop it', async () => {
    const filler = await ledger.deploy(minuteFiller, new URL('../testing/minute-filler.ts', import.meta.url))
    const atMs = Date.parse('2026-02-02T06:00Z')
    const fill = (count: number, fuel: number) =>
      codeOf(() => filler.call('fill', { atMs, count, fuel }, { fuel: 20_000_000 }))
    while (fill(199, 20_000_000) === undefined);
    while (fill(1, 1_000_000) === undefined);
    open({ retries: 0 })
    until('2026-02-02T06:00')
    expect(times('paid')).toEqual([])
    until('2026-02-02T06:10')
    expect(times('paid')).toEqual(['2026-02-02T06:01'])
  })

  test('behavior: a contract without prepaid steps stops, opens nothing, and anyone sets it going again', async () => {
    const poor = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url), {
      as: 'poor',
      prepaidSteps: 61_000,
    })
    const funds = [{ account: payer, asset: euro, amount: 40_000n }]
    poor.call('open', { id, terms: termsOf(), deposit: 40_000n }, { as: payer, funds })
    until('2026-03-03T00:00')
    expect(ledger.balance(payee, euro)).toBe(10_000n)
    expect(poor.bookings()).toEqual([])
    const other = () => poor.call('open', { id: 'other', terms: termsOf({ firstDate: '2026-04-10' }) }, { as: payer })
    expect(codeOf(other)).toBe('CONTRACT_PREPAID_TOO_LOW')
    poor.call('withdraw', { id, amount: 1n }, { as: payer })
    const contractId = Uint8Array.from(Buffer.from(poor.id, 'hex')) as never
    ledger.execute({ kind: 'contract-fund', contract: contractId, steps: 1_000_000 }, [ledger.member('publisher')])
    poor.call('wake', {}, { as: stranger })
    expect(ledger.balance(payee, euro)).toBe(20_000n)
    until('2026-04-01T00:00')
    expect(ledger.balance(payee, euro)).toBe(30_000n)
  })

  test('behavior: payments that fell due while the contract was paused are made when it goes on, each once', () => {
    const setStatus = (status: 'paused' | 'active') => {
      const contractId = Uint8Array.from(Buffer.from(mandates.id, 'hex')) as never
      ledger.execute({ kind: 'set-contract-status', contract: contractId, status, reason: 0 }, [
        ledger.member('publisher'),
      ])
    }
    open({ cadence: { unit: 'days', every: 1 }, firstDate: '2026-01-06' })
    setStatus('paused')
    until('2026-01-08T12:00')
    setStatus('active')
    until('2026-01-09T12:00')
    expect(times('paid')).toEqual([...Array(3).fill('2026-01-08T12:01'), '2026-01-09T06:00'])
  })

  test('behavior: a contract that nobody has called for long pays in time', () => {
    open()
    coolDown(ledger)
    until('2026-02-02T06:00')
    expect(times('paid')).toEqual(['2026-02-02T06:00'])
  })

  test('behavior: the days of payments to come are told ahead', () => {
    open({ payments: 3 })
    const dates = mandates.view('dates', { id, count: 24 })
    expect(dates.map(({ number, date, dueMs }) => `${number} ${date} ${at(dueMs)}`)).toEqual([
      '0 2026-01-31 2026-02-02T06:00',
      '1 2026-02-28 2026-03-02T06:00',
      '2 2026-03-31 2026-03-31T06:00',
    ])
    const cursor = ''
    expect(mandates.view('mandates', { party: payee, as: 'payee', cursor }).mandates).toHaveLength(1)
    expect(mandates.view('mandates', { party: payee, as: 'payer', cursor }).mandates).toEqual([])
  })
})
