import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ClientError, encodeProofFile } from '@tallystick/client'
import type { ReceiptPointer, ReceiptProof } from '@tallystick/core/protocol'
import { homePaths } from '../context.ts'
import type { Connection } from '../ledger/connect.ts'
import { replaceFile } from '../replace-file.ts'
import { findEarlierUses } from './earlier-uses.ts'
import { eachOriginal, eachPackedProof, fetchSingleReceipts } from './fetch-receipts.ts'
import { dateOfDay } from './identity.ts'
import { judge, placeOf, showsPaid, showsReferenceUsed } from './judge.ts'
import type { PaymentOutcome } from './outcome.ts'
import type { PaymentToSend } from './plan.ts'
import { paymentProblems } from './problems.ts'
import { partsOfPayment } from './receipt-parts.ts'
import { type Latencies, type SubmitResult, submitUnits } from './submit.ts'
import { type PaymentUnit, signUnits } from './units.ts'

const attemptsMax = 4
const pauseMs = 200

export interface PayOptions {
  readonly connection: Pick<Connection, 'client' | 'eachNode'>
  readonly home: string
  readonly packed: boolean
  readonly signal: AbortSignal
  readonly latencies: Latencies
  /** Called with payments that have reached their proof, or are known to have been made before. */
  readonly onProven: (payments: number) => void
}

/**
 * Pays a piece of a file, each payment at most once whatever is repeated or breaks: what its reference says was paid is
 * not sent, and what is sent twice is a no-op on the ledger. Every outcome but `open` stands on a verified receipt, which
 * is written to the home.
 * @returns one outcome per payment, in order.
 */
export async function payAll(options: PayOptions, payments: readonly PaymentToSend[]): Promise<PaymentOutcome[]> {
  const piece = new Piece(options, payments)
  await piece.takeEarlier()
  for (let attempt = 1; attempt <= attemptsMax && piece.waiting.length > 0; attempt++) {
    options.signal.throwIfAborted()
    if (attempt > 1) await delay(pauseMs * attempt, undefined, { signal: options.signal })
    await piece.sendWaiting()
  }
  return piece.outcomes
}

/** What a round of sending leaves to do. */
interface Next {
  readonly again: PaymentToSend[]
  readonly earlier: { readonly payment: PaymentToSend; readonly original: ReceiptPointer }[]
}

/** Payments that are paid together, and what is known of each so far. */
class Piece {
  readonly outcomes: PaymentOutcome[]
  waiting: PaymentToSend[]
  readonly #options: PayOptions
  readonly #place: ReadonlyMap<PaymentToSend, number>

  constructor(options: PayOptions, payments: readonly PaymentToSend[]) {
    this.#options = options
    this.#place = new Map(payments.map((payment, i) => [payment, i]))
    this.waiting = [...payments]
    this.outcomes = payments.map(() => ({ kind: 'open', code: 'PAYMENT_NOT_SENT', detail: 'it was not sent' }))
  }

  #settle(payment: PaymentToSend, outcome: PaymentOutcome): void {
    this.outcomes[this.#place.get(payment)!] = outcome
  }

  async #writeReceipt(proof: ReceiptProof, index: number, payment: PaymentToSend): Promise<void> {
    const parts = partsOfPayment(proof, index, payment.debtor.entry.id)
    const path = join(homePaths.receipts(this.#options.home), placeOf(proof, index).file)
    await replaceFile(path, encodeProofFile({ kind: 'receipt', ...parts }))
  }

  /** Settles what was paid before: under its date as paid earlier, under another as rejected. */
  async takeEarlier(): Promise<void> {
    const { connection, signal, onProven } = this.#options
    const uses = await findEarlierUses(connection, this.waiting, signal)
    const used = this.waiting.flatMap((payment, i) => {
      const day = payment.action.reference!.businessDay
      const use = uses[i]!.find(({ businessDay }) => businessDay === day) ?? uses[i]![0]
      return use === undefined ? [] : [{ payment, use }]
    })
    const places = used.map(({ use: { record } }) => ({ id: record.first.id, action: record.first.action }))
    const taken = new Set<PaymentToSend>()
    await eachOriginal(connection.client, places, signal, async (i, proof) => {
      const { payment, use } = used[i]!
      if (await this.#takeUse(payment, use.businessDay, use.record.first, proof)) taken.add(payment)
    })
    onProven(taken.size)
    this.waiting = this.waiting.filter((payment) => !taken.has(payment))
  }

  /** A use that its receipt does not show is no reason not to pay: the ledger will say. */
  async #takeUse(payment: PaymentToSend, day: number, first: ReceiptPointer, proof: ReceiptProof): Promise<boolean> {
    const { action } = payment
    const isSameDay = day === action.reference!.businessDay
    const isShown = isSameDay
      ? showsPaid(proof, first.action, action)
      : showsReferenceUsed(proof, first.action, action.reference!)
    if (!isShown) return false
    await this.#writeReceipt(proof, first.action, payment)
    const receipt = placeOf(proof, first.action)
    const [iso, summary] = paymentProblems.PAYMENT_PAID_UNDER_OTHER_DATE
    const detail = `${summary}: ${dateOfDay(day)}`
    this.#settle(
      payment,
      isSameDay
        ? { kind: 'paid-earlier', receipt }
        : { kind: 'rejected', code: 'PAYMENT_PAID_UNDER_OTHER_DATE', iso, detail, receipt },
    )
    return true
  }

  /** Signs and sends what waits, and takes the outcomes; what should be sent anew keeps waiting. */
  async sendWaiting(): Promise<void> {
    const { connection, packed, latencies, signal, onProven } = this.#options
    const { client } = connection
    const units = await signUnits(client.ledger, this.waiting, packed)
    const results = await submitUnits(client, units, latencies, signal, onProven)
    const proven = units.filter((_, i) => results[i]!.kind === 'proven')
    const next: Next = { again: [], earlier: [] }
    for (const [i, unit] of units.entries()) next.again.push(...this.#takeRefusal(unit, results[i]!))
    await (packed ? this.#takePacked(proven, next) : this.#takeSingles(proven, next))
    await this.#takeOriginals(next)
    this.waiting = next.again
  }

  async #takeSingles(units: readonly PaymentUnit[], next: Next): Promise<void> {
    const { connection, signal } = this.#options
    const ids = units.map(({ id }) => id)
    const proofs = await fetchSingleReceipts(connection.client, ids, signal)
    await Promise.all(
      units.map(async ({ payments: [payment] }, i) => {
        const proof = proofs[i]!
        if (proof instanceof ClientError) this.#leaveOpen([payment!], proof, next)
        else await this.#takeProof(payment!, proof, 0, next)
      }),
    )
  }

  async #takePacked(units: readonly PaymentUnit[], next: Next): Promise<void> {
    const { connection, signal } = this.#options
    for (const { id, payments } of units) {
      let taken = 0
      const failure = await eachPackedProof(connection.client, id, payments.length, signal, async (proof, actions) => {
        await Promise.all(actions.map((index) => this.#takeProof(payments[index]!, proof, index, next)))
        taken += actions.length
      })
      if (failure !== undefined) this.#leaveOpen(payments.slice(taken), failure, next)
    }
  }

  #leaveOpen(payments: readonly PaymentToSend[], { code, message }: ClientError, next: Next): void {
    for (const payment of payments) {
      this.#settle(payment, { kind: 'open', code, detail: message })
      next.again.push(payment)
    }
  }

  async #takeProof(payment: PaymentToSend, proof: ReceiptProof, index: number, next: Next): Promise<void> {
    const judgement = judge(proof, index)
    if (judgement.kind === 'again') next.again.push(payment)
    else if (judgement.kind === 'earlier') next.earlier.push({ payment, original: judgement.original })
    else {
      this.#settle(payment, judgement.outcome)
      await this.#writeReceipt(proof, index, payment)
    }
  }

  /** @returns the payments of the unit that should be sent anew. */
  #takeRefusal({ payments }: PaymentUnit, result: SubmitResult): readonly PaymentToSend[] {
    if (result.kind === 'proven') return []
    const { code, detail } = result
    for (const payment of payments) this.#settle(payment, { kind: 'open', code, detail })
    return result.kind === 'again' ? payments : []
  }

  /** Follows the ledger's word that a payment was made before to the receipt of that time. */
  async #takeOriginals({ earlier, again }: Next): Promise<void> {
    const { connection, signal } = this.#options
    const places = earlier.map(({ original: { id, action } }) => ({ id, action }))
    const taken = new Set<PaymentToSend>()
    await eachOriginal(connection.client, places, signal, async (i, proof) => {
      const { payment, original } = earlier[i]!
      if (await this.#takeUse(payment, payment.action.reference!.businessDay, original, proof)) taken.add(payment)
    })
    for (const { payment } of earlier) {
      if (taken.has(payment)) continue
      this.#settle(payment, {
        kind: 'open',
        code: 'PAYMENT_ORIGINAL_MISSING',
        detail: 'the receipt of the first payment is not to be had',
      })
      again.push(payment)
    }
  }
}
