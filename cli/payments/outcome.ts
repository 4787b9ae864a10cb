/** Where a payment's receipt is, and what it says. */
export interface ReceiptPlace {
  /** Of the transaction, in hexadecimal. */
  readonly id: string
  readonly action: number
  readonly height: number
  /** Of the block, Unix milliseconds. */
  readonly timeMs: number
  /** Name of the file in `receipts/`. */
  readonly file: string
}

/** What became of a payment. All but `open` are settled for good. */
export type PaymentOutcome =
  | { readonly kind: 'paid' | 'paid-earlier'; readonly receipt: ReceiptPlace }
  /** By the ledger, with a verified receipt, or by the checks before it, with its problems. */
  | {
      readonly kind: 'rejected'
      readonly code: string
      readonly iso: string
      readonly detail: string
      readonly receipt: ReceiptPlace | undefined
    }
  /** Not known: neither a verified receipt nor a rejection. */
  | { readonly kind: 'open'; readonly code: string; readonly detail: string }

/** What names a payment of the file, and its amount; small, so that all of a file fit into memory. */
export interface PaymentName {
  readonly ordinal: number
  readonly paymentInformationOrdinal: number
  readonly paymentInformationId: string
  readonly instructionId: string | undefined
  readonly endToEndId: string | undefined
  readonly uetr: string | undefined
  readonly currency: string | undefined
  readonly amountMinor: bigint | undefined
}

/** A payment of the file and what became of it. */
export interface SettledPayment extends PaymentName {
  readonly outcome: PaymentOutcome
}
