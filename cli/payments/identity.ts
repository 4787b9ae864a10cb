import type { PaymentIdentity } from '@tallystick/client'
import { accountKey, type CreditTransfer } from '@tallystick/iso20022'

/**
 * What makes a payment this payment, on every machine that reads the same file. InstrId where there is one, else the
 * place in its payment information; the marks keep an InstrId of `7` apart from the seventh payment. EndToEndId is none
 * of it: many payments may share one.
 */
export function identityOf(payment: CreditTransfer): PaymentIdentity {
  const { debtor, messageId, paymentInformationId, instructionId, ordinalInPaymentInformation } = payment
  return {
    debtorAccount: accountKey(debtor.account),
    messageId,
    paymentInformationId,
    instruction: instructionId === undefined ? `ordinal:${ordinalInPaymentInformation}` : `id:${instructionId}`,
  }
}

const dayMs = 86_400_000

/** @param date - `YYYY-MM-DD`. @returns days since 1970-01-01. */
export function businessDayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs
}

/** The inverse of `businessDayOf`. */
export function dateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
