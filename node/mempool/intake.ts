import { type TransactionId, validityWindowMs } from '@tallystick/core/protocol'
import type { AdmissionGate, CheckedTransactions } from '../verifier/index.ts'
import { Arrival } from './arrival.ts'
import { Backlog } from './backlog.ts'
import type { HeldBatches } from './held-batches.ts'
import { bytesPerStep, lateMarginMs, othersShareMax } from './limits.ts'
import type { MempoolConfig, MempoolPorts } from './ports.ts'
import type { SubmissionForm, SubmissionProblem, SubmissionResult, SubmittedTransaction } from './submission.ts'
import { copyKeys, type PooledTransaction, type TransactionPool } from './transaction-pool.ts'

export interface IntakeParts {
  readonly pool: TransactionPool
  readonly held: HeldBatches
  readonly counters: { received: number; refused: number }
  /** Declared steps of batches that are being checked or made durable. */
  arrivingSteps(): number
  mayMakeBatch(): boolean
  /** Something waits for a batch now. */
  flushSoon(): void
}

/** What was checked of a submission: those from the one index up to, not including, the other, with the bytes they stand in. */
interface Found {
  readonly checked: CheckedTransactions
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/** Takes transactions that are submitted to this node, as far as there is room, and answers when they are durable. */
export class Intake {
  readonly #config: MempoolConfig
  readonly #ports: MempoolPorts
  readonly #parts: IntakeParts
  readonly #backlog = new Backlog()
  /** Of submissions whose signatures are being checked. */
  #submittedBytes = 0

  constructor(config: MempoolConfig, ports: MempoolPorts, parts: IntakeParts) {
    this.#config = config
    this.#ports = ports
    this.#parts = parts
  }

  /** So many declared steps became final. */
  ordered(steps: number): void {
    this.#backlog.ordered(steps, this.#parts.held.size > 0, performance.now())
  }

  async submit(form: SubmissionForm, encoded: Uint8Array): Promise<SubmissionResult> {
    if (this.#config.self === undefined)
      return { kind: 'refused', problem: 'NODE_NOT_READY', detail: 'an observer takes no transactions' }
    const gate = this.#gate()
    const fits = this.#parts.mayMakeBatch() && this.#parts.pool.hasRoom(this.#submittedBytes + encoded.length)
    if (gate.stepsRoom <= 0 || !fits) {
      this.#parts.counters.refused++
      return { kind: 'refused', problem: 'MEMPOOL_FULL', detail: 'too much waits to be ordered', ...this.#retry() }
    }
    let taken: { readonly arrival: Arrival; readonly result: SubmissionResult }
    this.#submittedBytes += encoded.length
    try {
      const found = await this.#check(form, encoded, gate)
      if ('malformed' in found) return { kind: 'malformed', detail: found.malformed }
      taken = this.#take(found)
    } finally {
      this.#submittedBytes -= encoded.length
    }
    await taken.arrival.durable
    return taken.result
  }

  async #check(form: SubmissionForm, encoded: Uint8Array, gate: AdmissionGate): Promise<Found | { malformed: string }> {
    if (form === 'list') {
      const checked = await this.#ports.verifier.verifyList(encoded, gate)
      return 'malformed' in checked ? checked : { checked, bytes: encoded, from: 0, to: checked.count }
    }
    const { checked, encoded: bytes, index } = await this.#ports.verifier.verifyOne(encoded, gate)
    const malformed = checked.refusals.find((refusal) => refusal.index === index && refusal.problem === 'TX_MALFORMED')
    return malformed === undefined ? { checked, bytes, from: index, to: index + 1 } : { malformed: malformed.detail }
  }

  #gate(): AdmissionGate {
    const now = this.#ports.nowMs()
    const { own, others } = this.#waitingSteps()
    const { stepsMax } = this.#backlog
    const taken = own + Math.min(others, othersShareMax * stepsMax)
    return {
      validUntilAfterMs: now + lateMarginMs,
      validUntilMaxMs: now + validityWindowMs + this.#config.parameters.consensus.clockDriftMaxMs,
      stepsRoom: stepsMax - taken - this.#submittedBytes / bytesPerStep,
    }
  }

  /** What waits to be ordered, of this node and of the others, as far as it has come. */
  #waitingSteps(): { own: number; others: number } {
    const { steps } = this.#parts.held.sumsOf(this.#config.nodeKey)
    const others = this.#parts.held.steps - steps + this.#parts.arrivingSteps()
    return { own: this.#parts.pool.steps + steps, others }
  }

  #retry(): { retryAfterSeconds: number } {
    const { own, others } = this.#waitingSteps()
    return { retryAfterSeconds: this.#backlog.retryAfterSeconds(own + others) }
  }

  #take({ checked, bytes, from, to }: Found): { arrival: Arrival; result: SubmissionResult } {
    const keys = copyKeys(checked, from, to)
    const arrival = new Arrival()
    const transactions: SubmittedTransaction[] = []
    const own = checked.refusals.filter(({ index }) => index >= from && index < to)
    const refusals = new Map(own.map((refusal) => [refusal.index, refusal]))
    for (let index = from; index < to; index++) {
      const id = checked.ids.subarray(32 * index, 32 * index + 32) as TransactionId
      const refusal = refusals.get(index)
      if (refusal !== undefined) {
        const { detail } = refusal
        transactions.push({ id, status: 'refused', problem: refusal.problem as SubmissionProblem, detail })
      } else {
        const status = this.enter({ key: keys[index - from]!, checked, index, bytes, arrivals: [arrival] })
        transactions.push({ id, status, validUntilMs: checked.validUntilMs[index]! })
        if (status === 'received') this.#parts.counters.received++
      }
    }
    this.#parts.counters.refused += own.length
    this.#parts.flushSoon()
    arrival.settled()
    return { arrival, result: { kind: 'answered', transactions, ...this.#retry() } }
  }

  /** @returns whether it waits now, or did so before. */
  enter(transaction: PooledTransaction): 'received' | 'duplicate' {
    const [arrival] = transaction.arrivals
    const pooled = this.#parts.pool.get(transaction.key)
    if (pooled === undefined && this.#parts.held.hasCopy(transaction.key)) return 'duplicate'
    arrival?.expect()
    if (pooled === undefined) {
      this.#parts.pool.add(transaction)
      return 'received'
    }
    pooled.arrivals.push(...transaction.arrivals)
    return 'duplicate'
  }
}
