import { LocalLedger } from '@tallystick/contract-kit/testing'
import { expect, test } from 'vitest'
import { setAccountStatus } from '../testing/account-status.ts'
import { Balances } from '../testing/balances.ts'
import { codeOf } from '../testing/code-of.ts'
import { Random, seedOfRun } from '../testing/random.ts'
import { contract } from './contract.ts'
import type { Terms } from './order.ts'

const steps = 150
const hourMs = 3_600_000
const seed = seedOfRun()

test(`invariants after ${steps} random calls, seed ${seed}`, { timeout: 180_000 }, async () => {
  console.log(`shipment-payment: seed ${seed} (TALLYSTICK_SEED repeats it)`)
  const random = new Random(seed)
  const ledger = LocalLedger.create()
  const dollar = ledger.asset('USD')
  const people = ['a', 'b', 'c', 'd', 'e'].map((name) => ledger.account(name))
  for (const person of people) ledger.issue(dollar, person, 5_000n)
  const orders = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
  const balances = new Balances(ledger, dollar, people)
  const opened: string[] = []
  let frozen: string | undefined

  const orderOf = (id: string) => orders.view('order', { id })
  const ended = new Set<string>()
  const isEnded = (id: string): boolean => {
    if (!ended.has(id) && ['settled', 'refunded'].includes(orderOf(id).status)) ended.add(id)
    return ended.has(id)
  }
  const fundedOf = (id: string) => orderOf(id).value + orderOf(id).terms.freight
  const amountBelow = (bound: number) => BigInt(random.below(bound))

  const randomTerms = (buyer: string): Terms => {
    const dueMs = ledger.now + random.between(0, 60) * hourMs
    const lines = Array.from({ length: random.between(1, 3) }, () => ({
      item: 'x',
      quantity: 1,
      value: amountBelow(400),
    }))
    return {
      buyer,
      supplier: random.pick(people),
      carrier: random.pick(people),
      ...(!random.oneIn(4) && { inspector: random.pick(people) }),
      asset: dollar,
      lines,
      freight: amountBelow(60),
      dueMs,
      deadlineMs: dueMs + random.between(-1, 90) * hourMs,
      penalty: { bpsPerDay: random.below(4_000), bpsMax: random.below(10_001) },
      confirmDays: random.between(1, 3),
      inspectDays: random.between(1, 3),
    }
  }

  /** @returns who signed, if it was done. */
  const act = (): string | undefined => {
    const going = opened.filter((id) => !isEnded(id))
    const id = random.oneIn(8) ? random.pick([...opened, 'none']) : random.pick([...going, 'none'])
    const order = opened.includes(id) ? orderOf(id) : undefined
    if (order === undefined || (going.length < 8 && random.oneIn(4))) return openOne()
    const { buyer, supplier, carrier, inspector = carrier } = order.terms
    const next = {
      open: ['pickUp', 'pickUp', 'pickUp', 'cancel'],
      'picked-up': ['deliver', 'deliver', 'confirm'],
      delivered: ['confirm', 'dispute', 'dispute'],
      disputed: ['decide', 'decide', 'confirm'],
      settled: ['claim', 'confirm', 'proceed'],
      refunded: ['claim', 'deliver', 'proceed'],
    } as const
    const all = ['cancel', 'pickUp', 'deliver', 'confirm', 'dispute', 'decide', 'proceed', 'wake', 'claim'] as const
    const name = random.oneIn(4) ? random.pick(all) : random.pick(next[order.status])
    const owner = {
      cancel: supplier,
      pickUp: carrier,
      deliver: carrier,
      confirm: buyer,
      dispute: buyer,
      decide: inspector,
    }
    const usual = name in owner ? owner[name as keyof typeof owner] : random.pick(people)
    const as = random.oneIn(6) ? random.pick(people) : usual
    const run = (call: () => unknown) => (codeOf(call) === undefined ? as : undefined)
    switch (name) {
      case 'dispute':
        return run(() => orders.call(name, { id, reason: 'missing' }, { as }))
      case 'decide':
        return run(() => orders.call(name, { id, accepted: amountBelow(900), freight: amountBelow(50) }, { as }))
      case 'claim':
        return run(() => orders.call(name, { id, account: random.pick(people) }, { as }))
      default:
        return run(() => orders.call(name as 'proceed', { id }, { as }))
    }
  }
  const openOne = (): string | undefined => {
    const as = random.pick(people)
    const terms = randomTerms(random.oneIn(8) ? random.pick([orders.account, ...people]) : as)
    const id = `o${random.below(60)}`
    const funds = [{ account: as, asset: dollar, amount: BigInt(random.pick([1_500, 1_500, 1_500, 200])) }]
    const code = codeOf(() => orders.call('open', { id, terms }, { as, funds }))
    if (code === undefined) opened.push(id)
    return code === undefined ? as : undefined
  }

  const check = (which: string): void => {
    const going = opened.filter((id) => !isEnded(id))
    const kept = going.reduce((sum, id) => sum + fundedOf(id), 0n)
    const waiting = opened
      .flatMap((id) => orders.view('unclaimed', { id }))
      .reduce((sum, { amount }) => sum + amount, 0n)
    expect(ledger.balance(orders.account, dollar), which).toBe(kept + waiting)
    expect(balances.total() + kept + waiting, which).toBe(25_000n)
    expect(orders.bookings(), which).toHaveLength(going.length > 0 ? 1 : 0)
  }

  let done = 0
  for (let step = 0; step < steps; step++) {
    const which = `seed ${seed}, step ${step}`
    balances.remember()
    let signer: string | undefined
    if (random.oneIn(5)) ledger.advance({ hours: random.between(1, 40) })
    else if (random.oneIn(12)) {
      if (frozen !== undefined) setAccountStatus(ledger, frozen, 'active')
      frozen = frozen === undefined ? random.pick(people) : undefined
      if (frozen !== undefined) setAccountStatus(ledger, frozen, 'frozen')
    } else signer = act()
    if (signer !== undefined) done++
    expect(balances.poorer(), which).toEqual(balances.poorer().filter((person) => person === signer))
    check(which)
  }

  if (frozen !== undefined) setAccountStatus(ledger, frozen, 'active')
  ledger.advance({ days: 30 })
  for (const { id, account } of opened.flatMap((id) => orders.view('unclaimed', { id }))) {
    orders.call('claim', { id, account }, { as: account })
  }
  check(`seed ${seed}, at the end`)
  expect(done, `seed ${seed}`).toBeGreaterThan(steps / 20)
  expect(ledger.balance(orders.account, dollar)).toBe(0n)
  const ends = [...orders.events('settled'), ...orders.events('refunded')].map(
    ({ data }) => data as Record<string, string>,
  )
  expect(ends.map(({ id }) => id).sort()).toEqual([...opened].sort())
  for (const { id, supplier = '0', carrier = '0', buyer } of ends) {
    const { value, terms } = orderOf(id!)
    expect(BigInt(supplier) + BigInt(carrier) + BigInt(buyer!), id).toBe(value + terms.freight)
    expect(BigInt(supplier) <= value && BigInt(carrier) <= terms.freight, id).toBe(true)
  }
  ledger.kernel.audit()
})
