import type { ConsensusMessage } from '@tallystick/core/consensus'
import type { EventQueue } from './event-queue.ts'
import type { Random } from './random.ts'

export interface LinkFaults {
  lossPercent: number
  duplicatePercent: number
  delayMinMs: number
  delayMaxMs: number
  /** Without it a link keeps the order of its messages, as a connection does. */
  reorders: boolean
}

export const healthyLinks: LinkFaults = {
  lossPercent: 0,
  duplicatePercent: 0,
  delayMinMs: 1,
  delayMaxMs: 10,
  reorders: false,
}

/** Links between all nodes, each direction with faults and partitions of its own. */
export class SimulatedNetwork {
  faults: LinkFaults = healthyLinks
  readonly #blocked = new Set<string>()
  readonly #lastArrivalMs = new Map<string, number>()
  readonly #queue: EventQueue
  readonly #random: Random
  readonly #deliver: (from: number, to: number, message: ConsensusMessage) => void

  constructor(
    queue: EventQueue,
    random: Random,
    deliver: (from: number, to: number, message: ConsensusMessage) => void,
  ) {
    this.#queue = queue
    this.#random = random
    this.#deliver = deliver
  }

  block(from: number, to: number): void {
    this.#blocked.add(`${from}>${to}`)
  }

  unblockAll(): void {
    this.#blocked.clear()
  }

  send(from: number, to: number, message: ConsensusMessage): void {
    if (this.#random.chance(this.faults.lossPercent)) return
    this.#transmit(from, to, message)
    if (this.#random.chance(this.faults.duplicatePercent)) this.#transmit(from, to, message)
  }

  #transmit(from: number, to: number, message: ConsensusMessage): void {
    const link = `${from}>${to}`
    const { delayMinMs, delayMaxMs, reorders } = this.faults
    let arrivalMs = this.#queue.nowMs + this.#random.between(delayMinMs, delayMaxMs)
    if (!reorders) arrivalMs = Math.max(arrivalMs, this.#lastArrivalMs.get(link) ?? 0)
    this.#lastArrivalMs.set(link, arrivalMs)
    this.#queue.after(arrivalMs - this.#queue.nowMs, () => {
      if (!this.#blocked.has(link)) this.#deliver(from, to, message)
    })
  }
}
