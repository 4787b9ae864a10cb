import { LocalLedger } from '@tallystick/contract-kit/testing'
import { expect, test } from 'vitest'
import { Balances } from '../testing/balances.ts'
import { codeOf } from '../testing/code-of.ts'
import { Random, seedOfRun } from '../testing/random.ts'
import { contract } from './contract.ts'
import type { Terms } from './mandate.ts'

const steps = 120
const mandatesMax = 12
const seed = seedOfRun()

/** What a test knows of a mandate beside what the contract says. */
interface Opened {
  readonly id: string
  readonly account: string
  readonly terms: Terms
  /** Transferred to the account without a call. */
  given: bigint
}

interface Told {
  readonly id: string
  readonly number: number
  readonly date: string
  readonly amount: string
  readonly returned: string
}

test(`invariants after ${steps} random calls, seed ${seed}`, { timeout: 180_000 }, async () => {
  console.log(`recurring-payment: seed ${seed} (TALLYSTICK_SEED repeats it)`)
  const random = new Random(seed)
  const ledger = LocalLedger.create()
  const euro = ledger.asset('EUR')
  const payers = ['a', 'b', 'c'].map((name) => ledger.account(name))
  const payees = ['d', 'e'].map((name) => ledger.account(name))
  const people = [...payers, ...payees]
  for (const payer of payers) ledger.issue(euro, payer, 10_000n)
  const mandates = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
  const opened: Opened[] = []
  const told = (topic: string, id: string): Told[] =>
    mandates.events(topic).flatMap(({ data }) => ((data as Told).id === id ? [data as Told] : []))

  const randomTerms = (payer: string): Terms => ({
    payer,
    payee: random.pick(payees),
    asset: euro,
    kind: random.oneIn(3) ? 'collected' : 'fixed',
    amount: BigInt(random.between(1, 200)),
    cadence: random.pick([
      { unit: 'days', every: random.between(1, 4) },
      { unit: 'weeks', every: 1 },
      { unit: 'months', every: 1, day: random.between(1, 31) },
    ] as const),
    firstDate: new Date(ledger.now + random.between(1, 10) * 86_400_000).toISOString().slice(0, 10),
    ...(random.oneIn(3) && { payments: random.between(1, 8) }),
    ...(random.oneIn(3) && { totalMax: BigInt(random.between(1, 500)) }),
    ...(random.oneIn(3) && { periodMax: { period: random.pick(['week', 'month']), amount: 200n } }),
    hour: random.below(24),
    calendar: { closed: random.pick(['never', 'weekends', 'target2']), holidays: [] },
    convention: random.pick(['following', 'modified-following', 'preceding']),
    retries: random.below(4),
  })

  /** @returns who signed, if it was done. */
  const act = (): string | undefined => {
    const mandate = random.pick(opened)
    if (mandate === undefined || (opened.length < mandatesMax && random.oneIn(4))) return openOne()
    const { id, terms, account } = mandate
    const as = random.oneIn(5) ? random.pick(people) : random.pick([terms.payer, terms.payer, terms.payee])
    const amount = BigInt(random.between(1, 300))
    const funds = [{ account: as, asset: euro, amount }]
    /** Only one of these may have done it. */
    const run = (call: () => unknown, parties: readonly string[]): string | undefined => {
      if (codeOf(call) !== undefined) return undefined
      expect(parties, `seed ${seed}`).toContain(as)
      return as
    }
    switch (random.pick(['deposit', 'deposit', 'give', 'withdraw', 'request', 'end', 'pay', 'wake'] as const)) {
      case 'deposit': {
        const from = random.oneIn(3) ? random.pick(opened).account : as
        return run(() => mandates.call('deposit', { id, from, amount }, { as, funds }), [from])
      }
      case 'give':
        if (ledger.balance(as, euro) < amount) return undefined
        ledger.transfer({ from: as, to: account, asset: euro, amount })
        mandate.given += amount
        return as
      case 'withdraw':
        return run(() => mandates.call('withdraw', { id, ...(random.oneIn(2) && { amount }) }, { as }), [terms.payer])
      case 'request': {
        const { number } = mandates.view('mandate', { id }).mandate.next
        return run(
          () => mandates.call('request', { id, number: number + random.below(2), amount }, { as }),
          [terms.payee],
        )
      }
      case 'end':
        if (!random.oneIn(3)) return undefined
        return run(
          () => mandates.call('end', { id, by: random.pick([as, terms.payer]) }, { as }),
          [terms.payer, terms.payee],
        )
      case 'wake':
        return run(() => mandates.call('wake', {}, { as }), people)
      case 'pay':
        return run(() => mandates.call('pay', { id }, { as }), people)
    }
  }
  const openOne = (): string | undefined => {
    const payer = random.pick(payers)
    const [id, terms] = [`m${opened.length}`, randomTerms(payer)]
    const deposit = random.oneIn(3) ? 0n : BigInt(random.between(200, 1_000))
    const funds = deposit > 0n ? [{ account: payer, asset: euro, amount: deposit }] : []
    const code = codeOf(() => {
      const { account } = mandates.call('open', { id, terms, deposit }, { as: payer, funds })
      opened.push({ id, account, terms, given: 0n })
    })
    return code === undefined ? payer : undefined
  }

  const check = (step: number): void => {
    const which = `seed ${seed}, step ${step}`
    let paidInAll = 0n
    for (const { id, account, terms, given } of opened) {
      const paid = told('paid', id)
      const sums = ['deposited', 'withdrawn'].map((topic) => sum(told(topic, id)))
      const returned = told('ended', id).reduce((all, event) => all + BigInt(event.returned), 0n)
      const { mandate, balance } = mandates.view('mandate', { id })
      expect(balance, which).toBe(given + sums[0]! - sums[1]! - sum(paid) - returned)
      expect(balance, which).toBe(ledger.balance(account, euro))
      expect(mandate.paid, which).toBe(sum(paid))
      paidInAll += sum(paid)

      expect(new Set(paid.map(({ number }) => number)).size, which).toBe(paid.length)
      for (const { amount, date } of paid) {
        expect(BigInt(amount) <= terms.amount && date >= terms.firstDate, which).toBe(true)
      }
      expect(sum(paid) <= (terms.totalMax ?? sum(paid)), which).toBe(true)
      expect(paid.length <= (terms.payments ?? paid.length), which).toBe(true)
      for (const [period, amount] of sumsByPeriod(paid, terms.periodMax?.period)) {
        expect(amount <= (terms.periodMax?.amount ?? amount), `${which}, ${period}`).toBe(true)
      }
    }
    const got = payees.reduce((all, payee) => all + ledger.balance(payee, euro), 0n)
    const spent = opened.reduce((all, { id, given }) => all + given + sum(told('deposited', id)), 0n)
    expect(got <= paidInAll, which).toBe(true)
    expect(new Balances(ledger, euro, [...people, ...opened.map(({ account }) => account)]).total(), which).toBe(
      30_000n,
    )
    expect(spent >= paidInAll, which).toBe(true)
  }

  let done = 0
  const balances = new Balances(ledger, euro, people)
  for (let step = 0; step < steps; step++) {
    balances.remember()
    let signer: string | undefined
    if (random.oneIn(3)) ledger.advance({ days: random.between(1, 6), hours: random.below(24) })
    else signer = act()
    if (signer !== undefined) done++
    expect(balances.poorer(), `seed ${seed}, step ${step}`).toEqual(balances.poorer().filter((each) => each === signer))
    check(step)
  }

  expect(done, `seed ${seed}`).toBeGreaterThan(steps / 20)
  expect(mandates.events('paid').length, `seed ${seed}`).toBeGreaterThan(0)
  expect(mandates.events('trigger-stopped')).toEqual([])
  const active = opened.filter(({ id }) => mandates.view('mandate', { id }).mandate.status === 'active')
  expect(mandates.bookings()).toHaveLength(active.length > 0 ? 1 : 0)
  for (const { id, terms } of active) mandates.call('end', { id, by: terms.payer }, { as: terms.payer })
  expect(ledger.advance({ days: 100 })).toEqual([])
  ledger.kernel.audit()
})

function sum(events: readonly Told[]): bigint {
  return events.reduce((all, { amount }) => all + BigInt(amount), 0n)
}

function sumsByPeriod(events: readonly Told[], period: 'week' | 'month' | 'year' | undefined): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { date, amount } of events) {
    const which = periodOf(date, period)
    sums.set(which, (sums.get(which) ?? 0n) + BigInt(amount))
  }
  return sums
}

function periodOf(date: string, period: 'week' | 'month' | 'year' | undefined): string {
  if (period === undefined) return ''
  if (period !== 'week') return date.slice(0, period === 'month' ? 7 : 4)
  const day = new Date(`${date}T00:00Z`)
  return String(Math.floor((day.getTime() / 86_400_000 + 3) / 7))
}
