import { describe, expect, it } from 'vitest'
import { toHex } from '../../codec/index.ts'
import { type ContractId, defaultParameters, stepsOfTrigger } from '../../protocol/index.ts'
import { ContractScene, eventsOf, puppetManifest, puppetScript } from '../testing/contract-scene.ts'
import { byMemberNamed } from '../testing/test-ledger.ts'

const minuteMs = 60_000
const fuel = 1_000_000

/** A booking of `inner`, which asks the given questions; its time is counted from the block that it is made in. */
function bookingOf(s: ContractScene, inMs: number, input: readonly string[], more: object = {}): string {
  return `s${JSON.stringify({ action: 'inner', input, atMs: s.timeMs + 1_000 + inMs, fuel, ...more })}`
}

const numbersOf = (s: ContractScene, contract: ContractId) =>
  s.ledger.contractBookings(contract).map(({ number, booking }) => [number, booking.runs, booking.attempts])

/** Lets time pass until the next booking is due. */
function untilDue(s: ContractScene) {
  return s.block([], Math.max(0, s.ledger.nextDueMs! - s.timeMs)).receipts
}

describe('numbers of bookings', () => {
  it('behavior: a cadence keeps its number, each run has an id of its own, and cancelling ends it', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const prepaid = s.prepaid(contract)
    expect(s.ask(contract, bookingOf(s, 0, [], { everyMs: minuteMs }))).toEqual(['=0'])
    const ids = new Set<string>()
    for (let run = 0; run < 3; run++) {
      expect(numbersOf(s, contract)).toEqual([[0, run, 0]])
      for (const { receipt } of untilDue(s)) ids.add(toHex(receipt.id))
    }
    expect(ids.size).toBe(3)
    expect(s.ask(contract, 'x0', 'x0')).toEqual(['=', '-'])
    expect(numbersOf(s, contract)).toEqual([])
    expect(s.block([], 5 * minuteMs).receipts).toEqual([])
    expect(prepaid - s.prepaid(contract)).toBeLessThan(3_000)
    expect(s.ask(contract, bookingOf(s, 0, []))).toEqual(['=1'])
    s.ledger.audit()
  })

  it('behavior: one that is tried again or waits keeps it too', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const set = (status: 'active' | 'paused') =>
      s.do({ kind: 'set-contract-status', contract, status, reason: 1 }, byMemberNamed('regulator'))
    s.ask(contract, bookingOf(s, 1_000, ['!throw']))
    expect(untilDue(s).map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_FAILED'])
    expect(numbersOf(s, contract)).toEqual([[0, 1, 1]])
    set('paused')
    expect(untilDue(s).map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_PAUSED'])
    expect(numbersOf(s, contract)).toEqual([[0, 2, 1]])
    set('active')
    expect(untilDue(s).map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_FAILED'])
    expect(numbersOf(s, contract)).toEqual([[0, 3, 2]])
    expect(s.ask(contract, 'x0')).toEqual(['='])
    expect(s.block([], 200 * minuteMs).receipts).toEqual([])
    s.ledger.audit()
  })

  it('behavior: what stops for good says which booking it was', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, bookingOf(s, 1_000 * minuteMs, []), bookingOf(s, 0, ['!throw']))
    let last = untilDue(s)
    for (let attempt = 1; attempt < 5; attempt++) last = untilDue(s)
    expect(eventsOf(last[0]!).at(-1)).toMatchObject({
      topic: 'trigger-stopped',
      data: '{"booking":1,"action":"inner","code":"CONTRACT_FAILED"}',
    })
  })
})

describe('a call that cancels the booking that it comes from', () => {
  it('behavior: ends the cadence', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const prepaid = s.prepaid(contract)
    s.ask(contract, bookingOf(s, 0, ['x0', 'x0'], { everyMs: minuteMs }))
    const [run] = untilDue(s)
    expect(eventsOf(run!)).toMatchObject([{ topic: 'returned', data: '["=","-"]' }])
    expect(numbersOf(s, contract)).toEqual([])
    expect(s.ledger.nextDueMs).toBeUndefined()
    expect(prepaid - s.prepaid(contract)).toBeLessThan(1_000)
    s.ledger.audit()
  })

  it('behavior: and then fails, does not: it is tried again', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, bookingOf(s, 0, ['x0', '!refuse'], { everyMs: minuteMs }))
    expect(untilDue(s).map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_REFUSED'])
    expect(numbersOf(s, contract)).toEqual([[0, 1, 1]])
    expect(untilDue(s).map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_REFUSED'])
    expect(numbersOf(s, contract)).toEqual([[0, 2, 2]])
    s.ledger.audit()
  })

  it('behavior: may book another, under a new number', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const next = bookingOf(s, 5 * minuteMs, [])
    s.ask(contract, bookingOf(s, 0, ['x0', next], { everyMs: minuteMs }))
    untilDue(s)
    expect(numbersOf(s, contract)).toEqual([[1, 0, 0]])
    s.ledger.audit()
  })

  it('behavior: finds one that would not come again anyway, and none that another contract has', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const other = s.deploy('other')
    s.ask(other, bookingOf(s, 3 * minuteMs, []))
    const ask = { contract: toHex(other), action: 'ask', input: ['x1', 'x0', 'x0'], funds: [] }
    s.ask(contract, bookingOf(s, 9 * minuteMs, []), bookingOf(s, 0, [`c${JSON.stringify(ask)}`, 'x1']))
    const [run] = untilDue(s)
    const [inner, own] = JSON.parse(eventsOf(run!).find(({ topic }) => topic === 'returned')!.data) as [string, string]
    expect([inner, own]).toEqual(['=["-","=","-"]', '='])
    expect([numbersOf(s, contract), numbersOf(s, other)]).toEqual([[[0, 0, 0]], []])
    s.ledger.audit()
  })

  it('behavior: a migration can not cancel itself', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const migration = `(question) => {
      if (host('x0') !== '-') throw new Error('found')
      return question.input === null ? { output: 1 } : {}
    }`
    const script = puppetScript({ ...puppetManifest, migrates: true }, migration)
    const code = { vmVersion: 1, script, sourceMap: '', source: 'next', fuel: 5_000_000 }
    expect(s.do({ kind: 'contract-upgrade', contract, ...code }, byMemberNamed('publisher'))).toBe('OK')
    const runs: unknown[] = []
    const recordOf = () => s.ledger.get<'contract'>({ kind: 'contract', contract })!
    for (let block = 0; block < 5 && recordOf().status === 'migrating'; block++) {
      runs.push(...numbersOf(s, contract))
      s.block([], 10)
    }
    expect(runs).toEqual([
      [0, 0, 0],
      [0, 1, 0],
    ])
    expect(recordOf()).toMatchObject({ status: 'active', generation: 1 })
    s.ledger.audit()
  })
})

describe('steps of bookings', () => {
  it('behavior: a cold code is paid before the call, which so can not book with the same steps', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet', { prepaidSteps: 20_000 })
    const own = 60_000
    const left = 20_000 - stepsOfTrigger(own)
    const greedy = bookingOf(s, 5 * minuteMs, [], { fuel: (left - stepsOfTrigger(0)) * 100 })
    s.ask(contract, bookingOf(s, minuteMs, [greedy], { fuel: own }))
    for (let i = 0; i < 32; i++) s.deploy(`other-${i}`, { script: `${puppetScript()}//${i}` })
    expect(s.prepaid(contract)).toBe(left)
    const [run] = untilDue(s)
    expect(eventsOf(run!).at(-1)!.data).toBe('["!CONTRACT_PREPAID_TOO_LOW inner"]')
    expect(s.prepaid(contract)).toBeLessThan(left)
    s.ledger.audit()
  })

  it('behavior: a minute that is over takes no steps, and none are taken from it', () => {
    const contracts = { ...defaultParameters.contracts, triggerStepsPerBlock: 30_000 }
    const s = new ContractScene({ ...defaultParameters, contracts })
    const contract = s.deploy('puppet')
    const first = minuteMs - (s.timeMs % minuteMs)
    const at = (inMs: number, fuel: number, more?: object) => bookingOf(s, first + inMs - 1_000, [], { fuel, ...more })
    // What is left over of the first minute, when both are over, comes back into the second one late.
    const cadence = at(30_000, 60_000, { everyMs: minuteMs })
    const numbers = s.ask(contract, at(0, 2_500_000), at(10_000, 500_000), cadence, at(minuteMs + 40_000, 2_000_000))
    expect(numbers).toEqual(['=0', '=1', '=2', '=3'])
    const runs = [s.block([], first + 3 * minuteMs), s.block([])].map(({ receipts }) => receipts.length)
    expect(runs).toEqual([1, 3])
    expect(numbersOf(s, contract)).toEqual([[2, 1, 0]])
    s.ledger.audit()
  })
})
