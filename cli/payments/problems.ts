/**
 * Why the importer refuses a payment that the file check accepts: its ISO 20022 reason (ExternalStatusReason1Code), what
 * happened, and what to do. The ledger decides about all others.
 */
export const paymentProblems = {
  PAYMENT_DEBTOR_UNKNOWN: [
    'AC02',
    'the debtor account is not in the address book, or not open on the ledger',
    'Import it with `tallystick accounts import`, or open it (--open-accounts on a demo network).',
  ],
  PAYMENT_DEBTOR_KEY_UNKNOWN: [
    'AG01',
    'the key that may debit the account is not in the address book',
    'Import it with `tallystick accounts import` (keyFile).',
  ],
  PAYMENT_BANK_KEY_UNKNOWN: [
    'AG01',
    "the key of the debtor's bank is not here, so the payment's reference can not be made",
    'Name its key file with --member-key.',
  ],
  PAYMENT_CREDITOR_UNKNOWN: [
    'AC03',
    'the creditor account is not in the address book',
    'Import it with `tallystick accounts import`, or open it (--open-accounts on a demo network).',
  ],
  PAYMENT_CURRENCY_UNKNOWN: [
    'AM03',
    'the ledger has no asset of this currency with the minor units of ISO 4217',
    'Let an issuer create it: `tallystick asset create`.',
  ],
  PAYMENT_DATA_TOO_LARGE: [
    'CH16',
    'names and remittance text do not fit into what one payment can commit to',
    'Shorten the remittance information.',
  ],
  PAYMENT_PAID_UNDER_OTHER_DATE: [
    'AM05',
    'the payment was paid under another business date',
    'Nothing: the receipt of the first payment is named. A new payment needs a new MsgId.',
  ],
} as const satisfies Record<string, readonly [iso: string, summary: string, remedy: string]>

export type PaymentProblemCode = keyof typeof paymentProblems
