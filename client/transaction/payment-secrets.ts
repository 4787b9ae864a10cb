import { hmacSha256 } from '@tallystick/core/crypto'

/**
 * What a payment's identity is derived from: the same file gives the same parts on every machine. `instruction` is the
 * payment's InstrId, or its ordinal where there is none (EndToEndId may be NOTPROVIDED).
 */
export interface PaymentIdentity {
  readonly debtorAccount: string
  readonly messageId: string
  readonly paymentInformationId: string
  readonly instruction: string
}

const encoder = new TextEncoder()

/** Joins texts so that no two lists give the same bytes: each behind its length. */
function joined(texts: readonly string[]): Uint8Array {
  const parts = texts.map((text) => encoder.encode(text))
  const message = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0))
  const view = new DataView(message.buffer)
  let at = 0
  for (const part of parts) {
    view.setUint32(at, part.length, true)
    message.set(part, at + 4)
    at += 4 + part.length
  }
  return message
}

/**
 * HMAC-SHA-256 under a member's secret over texts, so that the same payment has the same reference on every machine and
 * nobody without the secret can guess what is behind it.
 */
export function referenceKey(memberSecret: Uint8Array, ...parts: readonly string[]): Uint8Array {
  return hmacSha256(memberSecret, joined(['tallystick/reference', ...parts]))
}

/** The reference of one payment of a file. */
export function paymentReferenceKey(memberSecret: Uint8Array, payment: PaymentIdentity): Uint8Array {
  return referenceKey(memberSecret, ...partsOf(payment))
}

/** The salt of each named off-ledger field of one payment. */
export function paymentSalt(memberSecret: Uint8Array, payment: PaymentIdentity, field: string): Uint8Array {
  return hmacSha256(memberSecret, joined(['tallystick/payment-salt', ...partsOf(payment), field]))
}

function partsOf(payment: PaymentIdentity): string[] {
  return [payment.debtorAccount, payment.messageId, payment.paymentInformationId, payment.instruction]
}
