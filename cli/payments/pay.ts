import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ClientError, encodeProofFile } from '@tallystick/client'
import type { ReceiptPointer, ReceiptProof } from '@tallystick/core/protocol'
import { homePaths } from '../context.ts'
import type { Connection } from '../ledger/connect.ts'
import { replaceFile } from '../replace-file.ts'
import { findEarlierUses } from './earlier-uses.ts'
import { type FetchedReceipt, fetchOriginals, fetchPackedReceipt, fetchSingleReceipts } from './fetch-receipts.ts'
import { dateOfDay } from './identity.ts'
import { judge, placeOf, showsPaid, showsReferenceUsed } from './judge.ts'
import type { PaymentOutcome } from './outcome.ts'
import type { PlannedPayment } from './plan.ts'
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
export async function payAll(options: PayOptions, payments: readonly PlannedPayment[]): Promise<PaymentOutcome[]> {
  const piece = new Piece(options, payments)
  await piece.takeEarlier()
  for (let attempt = 1; attempt <= attemptsMax && piece.waiting.length > 0; attempt++) {
    options.signal.throwIfAborted()
    if (attempt > 1) await delay(pauseMs * attempt, undefined, { signal: options.signal })
    await piece.sendWaiting()
  }
  return piece.outcomes
}

/** Payments that are paid together, and what is known of each so far. */
class Piece {
  readonly outcomes: PaymentOutcome[]
  waiting: PlannedPayment[]
  readonly #options: PayOptions
  readonly #place: ReadonlyMap<PlannedPayment, number>

  constructor(options: PayOptions, payments: readonly PlannedPayment[]) {
    this.#options = options
    this.#place = new Map(payments.map((payment, i) => [payment, i]))
    this.waiting = [...payments]
    this.outcomes = payments.map(() => ({ kind: 'open', code: 'PAYMENT_NOT_SENT', detail: 'it was not sent' }))
  }

  #settle(payment: PlannedPayment, outcome: PaymentOutcome): void {
    this.outcomes[this.#place.get(payment)!] = outcome
  }

  async #writeReceipt(proof: ReceiptProof, index: number, payment: PlannedPayment): Promise<void> {
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
    const proofs = await fetchOriginals(
      connection.client,
      used.map(({ use }) => ({ id: use.record.first.id, action: use.record.first.action })),
      signal,
    )
    const taken = new Set<PlannedPayment>()
    for (const [i, { payment, use }] of used.entries()) {
      if (await this.#takeUse(payment, use.businessDay, use.record.first, proofs[i]!)) taken.add(payment)
    }
    onProven(taken.size)
    this.waiting = this.waiting.filter((payment) => !taken.has(payment))
  }

  /** A use that its receipt does not show is no reason not to pay: the ledger will say. */
  async #takeUse(payment: PlannedPayment, day: number, first: ReceiptPointer, proof: FetchedReceipt): Promise<boolean> {
    if (proof instanceof ClientError) return false
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
    const proofs = await this.#fetch(proven)
    const again: PlannedPayment[] = []
    for (const [i, unit] of units.entries()) again.push(...this.#takeRefusal(unit, results[i]!))
    const earlier: { readonly payment: PlannedPayment; readonly original: ReceiptPointer }[] = []
    for (const [i, { payments }] of proven.entries()) {
      const proof = proofs[i]!
      for (const [index, payment] of payments.entries()) {
        if (proof instanceof ClientError) {
          this.#settle(payment, { kind: 'open', code: proof.code, detail: proof.message })
          again.push(payment)
          continue
        }
        const judgement = judge(proof, index)
        if (judgement.kind === 'again') again.push(payment)
        else if (judgement.kind === 'earlier') earlier.push({ payment, original: judgement.original })
        else {
          this.#settle(payment, judgement.outcome)
          await this.#writeReceipt(proof, index, payment)
        }
      }
    }
    again.push(...(await this.#takeOriginals(earlier)))
    this.waiting = again
  }

  async #fetch(units: readonly PaymentUnit[]): Promise<FetchedReceipt[]> {
    const { connection, packed, signal } = this.#options
    const ids = units.map(({ id }) => id)
    if (!packed) return fetchSingleReceipts(connection.client, ids, signal)
    const proofs: FetchedReceipt[] = []
    for (const { id, payments } of units) {
      proofs.push(await fetchPackedReceipt(connection.client, id, payments.length, signal))
    }
    return proofs
  }

  /** @returns the payments of the unit that should be sent anew. */
  #takeRefusal({ payments }: PaymentUnit, result: SubmitResult): readonly PlannedPayment[] {
    if (result.kind === 'proven') return []
    const { code, detail } = result
    for (const payment of payments) this.#settle(payment, { kind: 'open', code, detail })
    return result.kind === 'again' ? payments : []
  }

  /** Follows the ledger's word that a payment was made before to the receipt of that time. */
  async #takeOriginals(
    earlier: readonly { readonly payment: PlannedPayment; readonly original: ReceiptPointer }[],
  ): Promise<PlannedPayment[]> {
    const { connection, signal } = this.#options
    const places = earlier.map(({ original: { id, action } }) => ({ id, action }))
    const proofs = await fetchOriginals(connection.client, places, signal)
    const again: PlannedPayment[] = []
    for (const [i, { payment, original }] of earlier.entries()) {
      const { businessDay } = payment.action.reference!
      if (await this.#takeUse(payment, businessDay, original, proofs[i]!)) continue
      this.#settle(payment, {
        kind: 'open',
        code: 'PAYMENT_ORIGINAL_MISSING',
        detail: 'the receipt of the first payment is not to be had',
      })
      again.push(payment)
    }
    return again
  }
}
