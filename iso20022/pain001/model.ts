import type { Pain001Version } from '../table/schema.ts'

/** An account as a payment names it: an IBAN, or an identification of another kind that only its bank knows. */
export type Account = { readonly currency?: string } & (
  | { readonly iban: string; readonly other?: undefined }
  | {
      readonly iban?: undefined
      readonly other: { readonly id: string; readonly scheme?: string; readonly issuer?: string }
    }
)

/** Who pays or is paid. */
export interface Party {
  readonly name?: string
  readonly lei?: string
  readonly account: Account
  /** BIC of the bank that keeps the account. */
  readonly agentBic?: string
}

/** What the payment is for. */
export interface Remittance {
  readonly unstructured: readonly string[]
  readonly structured: readonly StructuredRemittance[]
}

export interface StructuredRemittance {
  /** Creditor reference, as an ISO 11649 reference (`RF…`). */
  readonly reference?: string
  /** Its kind: a code as `SCOR`, or a proprietary name as `QRR`. */
  readonly referenceType?: string
  readonly documents: readonly { readonly number?: string; readonly type?: string; readonly date?: string }[]
  readonly additional: readonly string[]
}

/** One payment that can be sent. Text is as written in the file; money is in minor units of its currency. */
export interface CreditTransfer {
  /** Place in the file, from 1. */
  readonly ordinal: number
  /** Place in its payment information, from 1. */
  readonly ordinalInPaymentInformation: number
  readonly paymentInformationOrdinal: number
  readonly line: number
  readonly messageId: string
  readonly paymentInformationId: string
  readonly instructionId?: string
  readonly endToEndId: string
  readonly uetr?: string
  /** The day it is booked under, `YYYY-MM-DD`. */
  readonly businessDate: string
  readonly debtor: Party
  readonly creditor: Party
  readonly ultimateDebtor?: string
  readonly ultimateCreditor?: string
  readonly currency: string
  readonly amountMinor: bigint
  readonly chargeBearer?: string
  /** Purpose code, or proprietary purpose. */
  readonly purpose?: string
  /** Category purpose, as `SALA` for salaries. */
  readonly categoryPurpose?: string
  readonly remittance: Remittance
}

export interface PaymentInformation {
  readonly ordinal: number
  readonly line: number
  readonly paymentInformationId: string
  readonly requestedExecutionDate?: string
  readonly businessDate?: string
  readonly debtor?: Party
  readonly numberOfTransactions: number
  /** Sum of its amounts as numbers; missing if one of them is unreadable. */
  readonly controlSum?: string
}

/** A file without its payments. */
export interface Pain001File {
  readonly version: Pain001Version
  /** The message as the file names it; differs from `version` for national forms: `pain.001.001.03.ch.02`. */
  readonly messageName: string
  readonly messageId: string
  readonly creationDateTime?: string
  readonly initiatingParty?: string
  readonly numberOfTransactions: number
  readonly controlSum?: string
  readonly paymentInformations: readonly PaymentInformation[]
  /** The payments that can be sent, by currency. */
  readonly totals: ReadonlyMap<string, { readonly payments: number; readonly amountMinor: bigint }>
}

/**
 * The key of an account in an address book: `IBAN:DE02120300000000202051`, without white space and in capitals, or
 * `OTHR:` and the identification as written. An identification under `Othr` is unique at its bank only: an address book
 * that holds accounts of several banks must tell equal ones apart by `agentBic`.
 */
export function accountKey(account: Account): string {
  return account.iban === undefined ? `OTHR:${account.other.id}` : `IBAN:${account.iban}`
}
