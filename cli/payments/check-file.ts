import {
  type CreditTransfer,
  type Pain001File,
  type PaymentOutcome,
  PROBLEMS,
  type Problem,
  type RefusedPayment,
} from '@tallystick/iso20022'
import type { PaymentName, SettledPayment } from './outcome.ts'
import { type PaymentProblemCode, paymentProblems } from './problems.ts'

/** A problem of a file as it is listed: of its form, or of an account that is not known here. */
export interface ListedProblem {
  readonly code: string
  readonly line: number
  readonly payment: string | undefined
  readonly message: string
  readonly remedy: string
  readonly iso: string
}

/** How a payment is named to people: by the identifiers that its file has. */
function paymentName(place: {
  readonly paymentInformationId?: string | undefined
  readonly instructionId?: string | undefined
  readonly endToEndId?: string | undefined
  readonly ordinal?: number | undefined
}): string | undefined {
  const { paymentInformationId, instructionId, endToEndId, ordinal } = place
  if (ordinal === undefined) return paymentInformationId
  return `#${ordinal} ${instructionId ?? endToEndId ?? ''}`.trimEnd()
}

export function listedProblem(problem: Problem): ListedProblem {
  const { code, line, message } = problem
  return {
    code,
    line,
    payment: paymentName(problem),
    message,
    remedy: PROBLEMS[code].remedy,
    iso: PROBLEMS[code].reason,
  }
}

export function accountProblem(payment: CreditTransfer | RefusedPayment, code: PaymentProblemCode): ListedProblem {
  const [iso, summary, remedy] = paymentProblems[code]
  return { code, line: payment.line, payment: paymentName(payment), message: summary, remedy, iso }
}

/** A payment that is not sent, with the first of its problems as the reason. */
export function refusedByCheck(outcome: Extract<PaymentOutcome, { payable: false }>): SettledPayment {
  const { place, problems } = outcome
  const first = problems.find(({ severity }) => severity === 'error')
  const code = first?.code ?? 'PAYMENTS_FILE_REFUSED'
  return {
    ordinal: place.ordinal,
    paymentInformationOrdinal: place.paymentInformationOrdinal,
    paymentInformationId: place.paymentInformationId ?? '',
    instructionId: place.instructionId,
    endToEndId: place.endToEndId,
    uetr: undefined,
    currency: undefined,
    amountMinor: undefined,
    outcome: {
      kind: 'rejected',
      code,
      iso: first === undefined ? 'NARR' : PROBLEMS[first.code].reason,
      detail: first?.message ?? 'the payment was refused with its file',
      receipt: undefined,
    },
  }
}

/** What the rest of the file's import needs of a payment, with texts of its own. */
export function nameOf(payment: CreditTransfer): PaymentName {
  const { ordinal, paymentInformationOrdinal, paymentInformationId, currency, amountMinor } = payment
  return {
    ordinal,
    paymentInformationOrdinal,
    paymentInformationId: ownText(paymentInformationId),
    instructionId: ownText(payment.instructionId),
    endToEndId: ownText(payment.endToEndId),
    uetr: ownText(payment.uetr),
    currency: ownText(currency),
    amountMinor,
  }
}

/** A copy: a text cut out of what was read keeps all that was read with it in memory. */
function ownText<T extends string | undefined>(text: T): T {
  return (text === undefined ? undefined : Buffer.from(text).toString()) as T
}

/** A payment whose accounts are not known here, with the first problem as its reason. */
export function refusedByPlan(payment: CreditTransfer, codes: readonly PaymentProblemCode[]): SettledPayment {
  const code = codes[0] ?? 'PAYMENT_DEBTOR_UNKNOWN'
  const [iso, detail] = paymentProblems[code]
  return { ...nameOf(payment), outcome: { kind: 'rejected', code, iso, detail, receipt: undefined } }
}

/** Currencies that the file's payments use. */
export function currenciesOf(file: Pain001File): string[] {
  return [...file.totals.keys()]
}
