import { existsSync } from 'node:fs'
import process from 'node:process'
import { type LocalContract, LocalLedger } from '@tallystick/contract-kit/testing'
import { describe, expect, test } from 'vitest'
import { codeOf } from '../testing/code-of.ts'
import { contract } from './contract.ts'
import type { Terms } from './order.ts'
import { readShipments, type Shipment } from './testing/scms-shipments.ts'

const file = new URL(
  '../../../shared/data/scms-pharma-shipments/SCMS_Delivery_History_Dataset.sample.tsv',
  import.meta.url,
)
/** All rows with TALLYSTICK_LARGE=1, otherwise one in so many. */
const oneIn = process.env.TALLYSTICK_LARGE === '1' ? 1 : 6
const dayMs = 86_400_000
const hourMs = 3_600_000
const [confirmDays, inspectDays, deadlineDays] = [10, 10, 60]
const penalty = { bpsPerDay: 50, bpsMax: 1_000 }

/** What the terms of an order lead to, computed beside the contract. */
interface Outcome {
  readonly supplier: bigint
  readonly carrier: bigint
  readonly buyer: bigint
  readonly penalty: bigint
}

/** What the buyer does with a delivery: the rows don't say, so a rule by their number does. */
function answerOf({ id, delivered, recorded }: Shipment): 'confirm' | 'dispute' | 'silence' {
  if (recorded - delivered >= confirmDays || id % 7 === 0) return 'silence'
  return id % 40 === 0 ? 'dispute' : 'confirm'
}

function decisionOf({ id, value, freight }: Shipment): { accepted: bigint; freight: bigint } {
  const quarters = BigInt((id / 40) % 5)
  return { accepted: (value * quarters) / 4n, freight: quarters === 0n ? 0n : freight }
}

function outcomeOf(shipment: Shipment): Outcome {
  const { value, freight, scheduled, delivered } = shipment
  const funded = value + freight
  if (delivered - scheduled > deadlineDays) return { supplier: 0n, carrier: 0n, buyer: funded, penalty: 0n }
  const paid = answerOf(shipment) === 'dispute' ? decisionOf(shipment) : { accepted: value, freight }
  const bps = Math.min(Math.max(0, delivered - scheduled) * penalty.bpsPerDay, penalty.bpsMax)
  const lost = (paid.accepted * BigInt(bps)) / 10_000n
  const supplier = paid.accepted - lost
  return { supplier, carrier: paid.freight, buyer: funded - supplier - paid.freight, penalty: lost }
}

describe.skipIf(!existsSync(file))(
  'SCMS shipments (skipped where ../shared/data/scms-pharma-shipments is missing)',
  () => {
    test(`every order is paid to the cent, one row in ${oneIn}`, { timeout: 600_000 }, async () => {
      const all = readShipments(file)
      expect(all.length).toBeGreaterThan(1_000)
      const startedMs = performance.now()
      // An order for nothing is none.
      const shipments = all.filter(({ value, freight }, i) => i % oneIn === 0 && value + freight > 0n)
      const replay = await Replay.start(shipments)
      replay.run()
      replay.reconcile()
      expect(Object.keys(replay.ends()).sort()).toEqual(['buyer', 'inspector', 'refunded', 'silence'])
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
      const ends = JSON.stringify(replay.ends())
      console.log(`${shipments.length} of ${all.length} shipments in ${replay.calls} calls and ${seconds} s: ${ends}`)
    })
  },
)

interface Step {
  readonly atMs: number
  run(): void
}

class Replay {
  readonly #shipments: readonly Shipment[]
  readonly #ledger: LocalLedger
  readonly #dollar: string
  readonly #orders: LocalContract<typeof contract>
  calls = 0

  private constructor(shipments: readonly Shipment[], ledger: LocalLedger, orders: LocalContract<typeof contract>) {
    this.#shipments = shipments
    this.#ledger = ledger
    this.#orders = orders
    this.#dollar = ledger.asset('USD')
    for (const [country, amount] of sumBy(shipments, fundedOf, buyerOf)) {
      ledger.issue(this.#dollar, ledger.account(country), amount)
    }
    for (const shipment of shipments)
      for (const name of [supplierOf(shipment), carrierOf(shipment)]) ledger.account(name)
    ledger.account('inspector')
  }

  static async start(shipments: readonly Shipment[]): Promise<Replay> {
    const firstDay = Math.min(...shipments.map(({ ordered }) => ordered))
    const ledger = LocalLedger.create({ startMs: (firstDay - 1) * dayMs })
    return new Replay(shipments, ledger, await ledger.deploy(contract, new URL('./contract.ts', import.meta.url)))
  }

  /** All steps of all shipments in the order of their times, the clock set to each. */
  run(): void {
    const steps = this.#shipments.flatMap((shipment) => this.#stepsOf(shipment)).sort((a, b) => a.atMs - b.atMs)
    for (const { atMs, run } of steps) {
      if (atMs > this.#ledger.now) this.#ledger.advance({ ms: atMs - this.#ledger.now })
      run()
      this.calls++
    }
    this.#ledger.advance({ days: deadlineDays + confirmDays + inspectDays })
  }

  /** How many orders ended in which way. */
  ends(): Record<string, number> {
    const ends: Record<string, number> = {}
    for (const { topic, data } of this.#ended()) {
      const way = topic === 'refunded' ? 'refunded' : (data as { by: string }).by
      ends[way] = (ends[way] ?? 0) + 1
    }
    return ends
  }

  #ended() {
    return [...this.#orders.events('settled'), ...this.#orders.events('refunded')]
  }

  #stepsOf(shipment: Shipment): Step[] {
    const { ordered, scheduled, delivered, recorded } = shipment
    const id = `scms-${shipment.id}`
    const account = (name: string) => this.#ledger.account(name)
    const [buyer, carrier] = [account(buyerOf(shipment)), account(carrierOf(shipment))]
    const at = (day: number, hour: number, run: () => void): Step => ({ atMs: day * dayMs + hour * hourMs, run })
    const orders = this.#orders

    const steps = [
      at(ordered, 8, () => {
        const funds = [{ account: buyer, asset: this.#dollar, amount: fundedOf(shipment) }]
        orders.call('open', { id, terms: this.#termsOf(shipment) }, { as: buyer, funds })
      }),
    ]
    if (delivered - scheduled > deadlineDays) {
      // It came, but the buyer had its money back before.
      return [
        ...steps,
        at(delivered, 12, () =>
          expect(codeOf(() => orders.call('pickUp', { id }, { as: carrier }))).toBe('ORDER_STATE'),
        ),
      ]
    }
    steps.push(
      at(Math.max(ordered, delivered - 1), 10, () => orders.call('pickUp', { id }, { as: carrier })),
      at(delivered, 12, () => orders.call('deliver', { id }, { as: carrier })),
    )
    const answer = answerOf(shipment)
    if (answer === 'confirm') steps.push(at(recorded, 15, () => orders.call('confirm', { id }, { as: buyer })))
    if (answer === 'dispute') {
      const decision = { id, ...decisionOf(shipment) }
      steps.push(
        at(recorded, 15, () => orders.call('dispute', { id, reason: 'damaged' }, { as: buyer })),
        at(recorded + 3, 16, () => orders.call('decide', decision, { as: account('inspector') })),
      )
    }
    return steps
  }

  #termsOf(shipment: Shipment): Terms {
    const account = (name: string) => this.#ledger.account(name)
    const dueMs = (shipment.scheduled + 1) * dayMs
    return {
      buyer: account(buyerOf(shipment)),
      supplier: account(supplierOf(shipment)),
      carrier: account(carrierOf(shipment)),
      inspector: account('inspector'),
      asset: this.#dollar,
      lines: [{ item: String(shipment.id), quantity: 1, value: shipment.value }],
      freight: shipment.freight,
      dueMs,
      deadlineMs: dueMs + deadlineDays * dayMs,
      penalty,
      confirmDays,
      inspectDays,
    }
  }

  /** To the cent: each order by its events, each party by its account, and the ledger by its own audit. */
  reconcile(): void {
    const outcomes = new Map(this.#shipments.map((shipment) => [`scms-${shipment.id}`, outcomeOf(shipment)]))
    const ended = this.#ended()
    expect(ended).toHaveLength(this.#shipments.length)
    for (const { data } of ended) {
      const { id, supplier = '0', carrier = '0', buyer, penalty = '0' } = data as Record<string, string>
      const paid = {
        supplier: BigInt(supplier),
        carrier: BigInt(carrier),
        buyer: BigInt(buyer!),
        penalty: BigInt(penalty),
      }
      expect(paid, id).toEqual(outcomes.get(id!))
      outcomes.delete(id!)
    }
    expect(outcomes.size).toBe(0)

    const funded = this.#shipments.reduce((sum, shipment) => sum + fundedOf(shipment), 0n)
    let held = 0n
    for (const [part, who] of [
      ['supplier', supplierOf],
      ['carrier', carrierOf],
      ['buyer', buyerOf],
    ] as const) {
      for (const [name, expected] of sumBy(this.#shipments, (shipment) => outcomeOf(shipment)[part], who)) {
        expect(this.#ledger.balance(this.#ledger.account(name), this.#dollar), name).toBe(expected)
        held += expected
      }
    }
    expect(held).toBe(funded)
    expect(this.#ledger.balance(this.#orders.account, this.#dollar)).toBe(0n)
    expect(this.#orders.bookings()).toEqual([])
    for (const topic of ['trigger-stopped', 'unpaid']) expect(this.#orders.events(topic)).toEqual([])
    this.#ledger.kernel.audit()
  }
}

const buyerOf = ({ country }: Shipment) => `programme of ${country}`
const supplierOf = ({ vendor }: Shipment) => `supplier ${vendor}`
const carrierOf = ({ mode }: Shipment) => `carrier by ${mode}`
const fundedOf = ({ value, freight }: Shipment) => value + freight

function sumBy(
  shipments: readonly Shipment[],
  amountOf: (shipment: Shipment) => bigint,
  nameOf: (shipment: Shipment) => string,
): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const shipment of shipments) {
    const name = nameOf(shipment)
    sums.set(name, (sums.get(name) ?? 0n) + amountOf(shipment))
  }
  return sums
}
