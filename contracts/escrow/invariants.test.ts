import { LocalLedger } from '@tallystick/contract-kit/testing'
import { expect, test } from 'vitest'
import { Balances } from '../testing/balances.ts'
import { codeOf } from '../testing/code-of.ts'
import { Random, seedOfRun } from '../testing/random.ts'
import { contract } from './contract.ts'

const hour = 3_600_000
const steps = 120
const seed = seedOfRun()

test(`invariants after ${steps} random calls, seed ${seed}`, { timeout: 180_000 }, async () => {
  console.log(`escrow: seed ${seed} (TALLYSTICK_SEED repeats it)`)
  const random = new Random(seed)
  const ledger = LocalLedger.create()
  const [euro, wood] = [ledger.asset('EUR'), ledger.asset('WOOD', { decimals: 0 })]
  const people = ['a', 'b', 'c', 'd', 'e'].map((name) => ledger.account(name))
  for (const person of people) {
    ledger.issue(euro, person, 1_000n)
    ledger.issue(wood, person, 100n)
  }
  const escrow = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
  const euros = new Balances(ledger, euro, [...people, escrow.account])
  const woods = new Balances(ledger, wood, [...people, escrow.account])
  const opened: string[] = []
  let done = 0

  const someone = (id: string): string => {
    const { buyer, seller, arbiter } = escrow.view('deal', { id })
    return random.oneIn(4) ? random.pick(people) : random.pick([buyer, seller, arbiter ?? seller])
  }
  const callOnce = (id: string, as: string): string | undefined => {
    const [other, third] = [random.pick(people), random.pick(people)]
    const amount = BigInt(random.below(120))
    switch (random.pick(['open', 'deliver', 'release', 'release', 'refund', 'expire', 'wake'] as const)) {
      case 'open': {
        const price = { asset: euro, amount: BigInt(random.below(300)) }
        const goods = random.oneIn(2) ? { goods: { asset: wood, amount: BigInt(random.between(1, 30)) } } : {}
        const arbiter = random.oneIn(2) ? { arbiter: third } : {}
        const terms = { id: `deal-${random.below(60)}`, seller: other, price, ...goods, ...arbiter }
        const deadlineMs = ledger.now + random.between(-1, 40) * hour
        const signed = { account: as, asset: euro, amount: 1n + (random.oneIn(8) ? price.amount / 2n : price.amount) }
        const buyer = random.oneIn(8) ? random.pick([third, escrow.account]) : as
        const code = codeOf(() => escrow.call('open', { ...terms, buyer, deadlineMs }, { as, funds: [signed] }))
        if (code === undefined) opened.push(terms.id)
        return code
      }
      case 'deliver':
        return codeOf(() =>
          escrow.call(
            'deliver',
            { id },
            { as, funds: [{ account: as, asset: wood, amount: BigInt(random.between(1, 40)) }] },
          ),
        )
      case 'release':
        return codeOf(() => escrow.call('release', { id, by: random.oneIn(10) ? other : as, amount }, { as }))
      case 'refund':
        return codeOf(() => escrow.call('refund', { id, by: random.oneIn(10) ? other : as }, { as }))
      case 'wake':
        return codeOf(() => escrow.call('wake', {}, { as }))
      case 'expire':
        return codeOf(() => escrow.call('expire', { id }, { as }))
    }
  }

  for (let step = 0; step < steps; step++) {
    for (const balances of [euros, woods]) balances.remember()
    const lively = random.oneIn(5) ? opened : opened.filter((id) => escrow.view('deal', { id }).status === 'open')
    const id = lively.length > 0 ? random.pick(lively) : 'none'
    const as = lively.length > 0 ? someone(id) : random.pick(people)
    const isWait = random.oneIn(6)
    if (isWait) ledger.advance({ hours: random.between(1, 12) })
    else if (callOnce(id, as) === undefined) done++
    const deals = opened.map((id) => escrow.view('deal', { id }))
    const told = `seed ${seed}, step ${step}`

    const kept = deals.reduce((sum, deal) => sum + (deal.status === 'open' ? deal.paymentLeft : 0n), 0n)
    expect(ledger.balance(escrow.account, euro), told).toBe(kept)
    expect(ledger.balance(escrow.account, wood), told).toBe(0n)
    expect([euros.total(), woods.total()], told).toEqual([5_000n, 500n])
    const poorer = [...euros.poorer(), ...woods.poorer()].filter((account) => account !== escrow.account)
    expect(poorer, told).toEqual(poorer.filter((account) => !isWait && account === as))
    for (const deal of deals) expect(deal.status === 'open', told).toBe(deal.paymentLeft > 0n)
  }

  ledger.advance({ days: 3 })
  // The calls did not all fail.
  expect(done, `seed ${seed}`).toBeGreaterThan(steps / 20)
  expect(ledger.balance(escrow.account, euro)).toBe(0n)
  expect(escrow.bookings()).toEqual([])
  for (const id of opened) {
    const paid = sumOf(escrow.events('released'), id) + sumOf(escrow.events('refunded'), id)
    expect(paid, `seed ${seed}, ${id}`).toBe(escrow.view('deal', { id }).price.amount)
  }
  ledger.kernel.audit()
})

function sumOf(events: readonly { readonly data: unknown }[], id: string): bigint {
  const all = events.map(({ data }) => data as { id: string; amount: string })
  return all.filter((each) => each.id === id).reduce((sum, { amount }) => sum + BigInt(amount), 0n)
}
