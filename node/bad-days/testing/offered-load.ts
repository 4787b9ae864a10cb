import { toHex } from '@tallystick/core/codec'
import type { TransactionId } from '@tallystick/core/protocol'
import type { BadNetwork } from './bad-network.ts'
import type { PreparedPayments, PreparedRequest } from './prepared-payments.ts'

/** An answer has to come in this time, whatever it is: that long would be a hang. */
const answerTimeoutMs = 30_000
/** Requests without an answer, beyond which no more are sent: what would have been sent counts as `unsent`. */
const openRequestsMax = 256
const retryAfterSecondsMax = 60

/** A promise of a node: it becomes final, or it expires. */
export interface Received {
  readonly id: TransactionId
  readonly validator: number
  readonly validUntilMs: number
}

/** Sends prepared payments and keeps count of what became of each, in transactions. */
export class OfferedLoad {
  readonly #network: BadNetwork
  readonly received: Received[] = []
  /** By `received`, the code of the refusal, or `unsent`. */
  readonly counts: Record<string, number> = {}
  /** Answers that no client should get. */
  readonly faults: string[] = []
  /** How long answers took, milliseconds. */
  readonly answerMs = { received: [] as number[], refused: [] as number[] }

  constructor(network: BadNetwork) {
    this.#network = network
  }

  #count(what: string, transactions: number): void {
    this.counts[what] = (this.counts[what] ?? 0) + transactions
  }

  /** @returns whether the node looked at it; if not, it may be sent again. */
  async submit(request: PreparedRequest, validator: number): Promise<boolean> {
    const path = request.form === 'one' ? '/v1/transactions' : '/v1/transactions/batch'
    const startMs = performance.now()
    const response = await fetch(`${this.#network.apiUrl(validator)}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: request.body,
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    const answer = (await response.json()) as Answer
    this.answerMs[response.status === 429 ? 'refused' : 'received'].push(performance.now() - startMs)
    if (response.status === 429) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= retryAfterSecondsMax))
        this.faults.push(`429 with Retry-After ${response.headers.get('retry-after')}`)
      this.#count(answer.code ?? '429 without a code', request.ids.length)
      return false
    }
    const outcomes = request.form === 'one' ? [outcomeOf(answer)] : (answer.outcomes ?? [])
    if (outcomes.length !== request.ids.length) this.faults.push(`${response.status} ${JSON.stringify(answer)}`)
    for (const [i, { id, status, problem }] of outcomes.entries()) {
      const [expected, { validUntilMs }] = [request.ids[i]!, request]
      this.#count(problem?.code ?? status, 1)
      if (status === 'received') {
        if (id !== toHex(expected)) this.faults.push(`outcome ${i} is of ${id}`)
        this.received.push({ id: expected, validator, validUntilMs })
      }
    }
    return true
  }

  /** Payers that send their next request when the last one is executed. Resolves after so long, or when all payments are used. */
  async closedLoop(payments: PreparedPayments, payers: number, durationMs: number): Promise<void> {
    const endMs = performance.now() + durationMs
    const pay = async (payer: number): Promise<void> => {
      const validator = payer % 4
      while (performance.now() < endMs) {
        const request = payments.take()
        if (request === undefined) return
        if (await this.submit(request, validator)) await this.executed(request, validator)
        else {
          payments.giveBack(request)
          await new Promise((resolve) => setTimeout(resolve, 1_000))
        }
      }
    }
    await Promise.all(Array.from({ length: payers }, (_, payer) => pay(payer)))
  }

  /** Sends at a fixed rate, whatever the nodes answer, as long as there are payments. Resolves when all answers are here. */
  async openLoop(payments: PreparedPayments, perSecond: number, durationMs: number): Promise<void> {
    const startMs = performance.now()
    const open = new Set<Promise<void>>()
    let [due, sent] = [0, 0]
    while (performance.now() < startMs + durationMs) {
      due = ((performance.now() - startMs) * perSecond) / 1_000
      while (sent < due) {
        const request = payments.take()
        if (request === undefined) break
        sent += request.ids.length
        if (open.size >= openRequestsMax) {
          this.#count('unsent', request.ids.length)
          payments.giveBack(request)
          continue
        }
        const validator = Math.round(sent / request.ids.length) % 4
        const answered = this.submit(request, validator).then(
          (looked) => {
            if (!looked) payments.giveBack(request)
          },
          (error: Error) => void this.faults.push(`no answer: ${error.name} ${error.message}`),
        )
        open.add(answered)
        void answered.finally(() => open.delete(answered))
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await Promise.all(open)
  }

  /** Resolves when the last transaction of a request is executed, or its time is up. */
  async executed({ ids }: PreparedRequest, validator: number): Promise<boolean> {
    const path = `/v1/transactions/${toHex(ids.at(-1)!)}?wait=executed&timeoutMs=20000`
    const { status } = await this.#network.get<{ status: string }>(validator, path)
    return status === 'executed' || status === 'proven'
  }
}

interface Outcome {
  readonly id: string
  readonly status: string
  readonly problem?: { readonly code: string }
}

interface Answer extends Outcome {
  readonly code?: string
  readonly outcomes?: readonly Outcome[]
}

function outcomeOf(answer: Answer): Outcome {
  return answer.code === undefined ? answer : { ...answer, status: 'refused', problem: { code: answer.code } }
}
