import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decode, toHex } from '../../codec/index.ts'
import { taggedHash } from '../../crypto/index.ts'
import {
  bookingNumber,
  type ContractBooking,
  type ContractId,
  contractBooking,
  defaultParameters,
  derivedIdOf,
  fuelPerStep,
  numberOfBooking,
  stepsOfTrigger,
} from '../../protocol/index.ts'
import { Ledger, type NumberedBooking } from '../ledger.ts'
import { ContractScene, eventsOf, newRunner, puppetManifest, puppetScript } from '../testing/contract-scene.ts'
import { liveImages } from '../testing/store.ts'
import { byMemberNamed, type WholeResult } from '../testing/test-ledger.ts'

const minuteMs = 60_000
const which = { of: fc.nat(1) }

/** What a booked call does; `self` is the number that it is going to have. */
const inputs: Readonly<Record<string, (self: number, atMs: number) => string[]>> = {
  nothing: () => [],
  throws: () => ['p1:a1', '!throw'],
  'cancels itself': (self) => [`x${self}`],
  'cancels itself and throws': (self) => [`x${self}`, '!throw'],
  'cancels the first and itself': (self) => ['x0', `x${self}`, `x${self}`],
  'books another': (_, atMs) => [bookingOf({ input: [], atMs: atMs + minuteMs, fuel: 10_000 })],
}

function bookingOf(terms: object): string {
  return `s${JSON.stringify({ action: 'inner', ...terms })}`
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('book' as const),
      ...which,
      what: fc.constantFrom(...Object.keys(inputs)),
      inMs: fc.constantFrom(0, 1_000, minuteMs, 3 * minuteMs),
      everyMs: fc.constantFrom(undefined, minuteMs, 7 * minuteMs),
      fuel: fc.constantFrom(1_000, 60_000, 900_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), ...which, number: fc.nat(12) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 30_000, minuteMs, 5 * minuteMs, 40 * minuteMs),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause' as const), ...which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), ...which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('upgrade' as const),
      ...which,
      migration: fc.constantFrom('no', 'works', 'fails'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fund' as const), ...which, steps: fc.nat(30_000) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const migrations = {
  works: `(question) => question.input === null ? { output: 1 } : {}`,
  fails: `() => { throw new Error('no') }`,
}

const soon = { inMs: 0, everyMs: minuteMs, fuel: 60_000 } as const
/** One that comes to every result, so that none is missed by chance. */
const waits: Step[] = [
  { do: 'book', of: 0, what: 'nothing', ...soon },
  { do: 'book', of: 1, what: 'throws', ...soon },
  { do: 'pass', ms: 1 },
  { do: 'upgrade', of: 0, migration: 'fails' },
  { do: 'pause', of: 1 },
  { do: 'pass', ms: minuteMs },
  { do: 'pass', ms: minuteMs },
]

/** Room for a few bookings alone: in the minutes, in a block, and in what one of the contracts has prepaid. */
const parameters = {
  ...defaultParameters,
  contracts: {
    ...defaultParameters.contracts,
    fuelMax: 2_000_000,
    triggerStepsPerMinute: 45_000,
    triggerStepsPerBlock: 25_000,
  },
}

/** Two contracts, and beside them what their steps should come to. */
class Model {
  readonly scene = new ContractScene(parameters)
  readonly contracts: readonly ContractId[]
  /** By contract: what was ever prepaid, and what calls used of it. */
  readonly bought: number[] = [400_000, 60_000]
  readonly used: number[] = [0, 0]
  /** What came of triggers, in all. */
  readonly #results: Set<string>
  readonly #ids = new Set<string>()
  #version = 0

  constructor(results: Set<string>) {
    this.#results = results
    const fuel = { fuel: 1_900_000 }
    this.contracts = this.bought.map((prepaidSteps, i) => this.scene.deploy(`puppet-${i}`, { prepaidSteps, ...fuel }))
  }

  run(step: Step): void {
    const { scene } = this
    if (step.do === 'pass') {
      this.#block(() => scene.block([], step.ms))
      return
    }
    const contract = this.contracts[step.of]!
    switch (step.do) {
      case 'book': {
        const atMs = scene.timeMs + 1_000 + step.inMs
        const { everyMs, fuel } = step
        const input = inputs[step.what]!(this.#recordOf(contract).nextBooking, atMs)
        this.#call(contract, [bookingOf({ input, atMs, everyMs, fuel })])
        return
      }
      case 'cancel':
        this.#cancel(contract, step.number)
        return
      case 'pause':
      case 'resume': {
        const status = step.do === 'pause' ? 'paused' : 'active'
        const action = { kind: 'set-contract-status', contract, status, reason: 1 } as const
        this.#block(() => scene.block([scene.build([[action]], { by: [byMemberNamed('regulator')] })]))
        return
      }
      case 'upgrade': {
        const { migration } = step
        const script =
          migration === 'no'
            ? puppetScript()
            : puppetScript({ ...puppetManifest, migrates: true }, migrations[migration as 'works'])
        const code = {
          vmVersion: 1,
          script: `${script}//${this.#version++ % 4}`,
          sourceMap: '',
          source: '',
          fuel: 1_900_000,
        }
        const action = { kind: 'contract-upgrade', contract, ...code } as const
        this.#block(() => scene.block([scene.build([[action]], { by: [byMemberNamed('publisher')] })]))
        return
      }
      case 'fund': {
        const action = { kind: 'contract-fund', contract, steps: step.steps } as const
        this.#block(() => {
          const result = scene.block([scene.build([[action]], { by: [byMemberNamed('publisher')] })])
          if (result.receipts.at(-1)!.receipt.result === 'OK') this.bought[step.of]! += step.steps
          return result
        })
      }
    }
  }

  /** It is found if and only if it is there when the call comes, after the triggers of its block. */
  #cancel(contract: ContractId, number: number): void {
    const before = this.scene.ledger.contractBookings(contract)
    const { receipts } = this.#call(contract, [`x${number}`])
    const told = eventsOf(receipts.at(-1)!).find(({ topic }) => topic === 'returned')
    if (told === undefined) return
    const isThere = this.scene.ledger.contractBookings(contract).some((one) => one.number === number)
    expect(isThere).toBe(false)
    const wasThere = before.some((one) => one.number === number)
    if (!wasThere) expect(told.data).toBe('["-"]')
    else if (receipts.length === 1) expect(told.data).toBe('["="]')
  }

  #call(contract: ContractId, ask: readonly string[]): WholeResult {
    const action = this.scene.callAction(contract, ask, { fuel: 1_000_000 })
    return this.#block(() => this.scene.block([this.scene.build([[action]], { by: [byMemberNamed('publisher')] })]))
  }

  /** Counts what the triggers of a block used, and checks all that must hold behind it. */
  #block(block: () => WholeResult): WholeResult {
    const before = this.contracts.map((contract) => this.scene.ledger.contractBookings(contract))
    const result = block()
    for (const { receipt } of result.receipts) {
      expect(this.#ids.has(toHex(receipt.id))).toBe(false)
      this.#ids.add(toHex(receipt.id))
      if (receipt.position.phase === 'payload') continue
      this.#results.add(receipt.result)
      const [of, booking] = this.#bookingOf(before, toHex(receipt.id))
      const hasWaited = receipt.result === 'CONTRACT_PAUSED' || receipt.result === 'CONTRACT_MIGRATING'
      const note = result.notes.findLast(({ transaction }) => toHex(transaction) === toHex(receipt.id))
      if (!hasWaited) this.used[of]! += stepsUsed(booking, note?.fuelUsed ?? 0)
    }
    this.#check()
    return result
  }

  #bookingOf(before: readonly (readonly NumberedBooking[])[], receipt: string): [number, ContractBooking] {
    for (const [of, bookings] of before.entries()) {
      for (const { number, booking } of bookings) {
        const cause = taggedHash('tallystick/contract-booking-id', this.contracts[of]!, bookingNumber(number))
        if (toHex(derivedIdOf(cause, booking.kind, booking.runs)) === receipt) return [of, booking]
      }
    }
    throw new Error('a receipt comes from no booking')
  }

  #check(): void {
    const { ledger } = this.scene
    const totals = this.contracts.map((contract, of) => {
      const booked = ledger.contractBookings(contract).map(({ booking }) => stepsOfTrigger(booking.fuel))
      return this.#recordOf(contract).prepaidSteps + sum(booked) + this.used[of]!
    })
    expect(totals).toEqual(this.bought)
    this.#checkIndex(ledger)
    // Of minutes too: each has what its bookings add up to.
    ledger.audit()
  }

  /** What is booked is listed by contract, in the order in which it is due. */
  #checkIndex(ledger: Ledger): void {
    const stored: (NumberedBooking & { readonly contract: string })[] = []
    for (const { key, encoded } of ledger.records()) {
      if (key.kind !== 'contract-booking') continue
      const booking = decode(contractBooking, encoded)
      stored.push({ contract: toHex(key.contract), number: numberOfBooking(key.number), booking })
    }
    stored.sort((a, b) => a.booking.dueMs - b.booking.dueMs || a.number - b.number)
    for (const contract of this.contracts) {
      const own = stored.filter((one) => one.contract === toHex(contract))
      expect(ledger.contractBookings(contract)).toEqual(own.map(({ number, booking }) => ({ number, booking })))
    }
  }

  /** What is listed once the ledger is restored from its records is what was listed before. */
  checkRestored(): void {
    const { genesis, ledger, timeMs } = this.scene
    const restored = Ledger.restore(genesis, { height: ledger.height, timeMs, images: liveImages(ledger) }, newRunner())
    expect(restored.nextDueMs).toBe(ledger.nextDueMs)
    for (const contract of this.contracts) {
      expect(restored.contractBookings(contract)).toEqual(ledger.contractBookings(contract))
    }
  }

  #recordOf(contract: ContractId) {
    return this.scene.ledger.get<'contract'>({ kind: 'contract', contract })!
  }
}

function stepsUsed({ fuel }: ContractBooking, fuelUsed: number): number {
  return stepsOfTrigger(Math.min(fuel, Math.ceil(fuelUsed / fuelPerStep) * fuelPerStep))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

it('what is prepaid, booked and used is together what was bought, and minutes have the steps of their bookings', () => {
  const results = new Set<string>()
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const model = new Model(results)
      for (const each of steps) model.run(each)
      model.checkRestored()
    }),
    { numRuns: 25, examples: [[waits]] },
  )
  expect([...results]).toEqual(
    expect.arrayContaining(['OK', 'CONTRACT_FAILED', 'CONTRACT_PAUSED', 'CONTRACT_MIGRATING']),
  )
})
