/**
 * What became of one payment. `ACCC`: settled, the creditor's account has the money. `RJCT`: refused, for good.
 * `PDNG`: not decided yet.
 */
export type PaymentStatus = 'ACCC' | 'RJCT' | 'PDNG'

export interface StatusReason {
  /** Code of the external code set `ExternalStatusReason1Code`. */
  readonly code: string
  /** For people; split into lines of 105 characters. */
  readonly additionalInfo?: string
}

export interface ReportedPayment {
  readonly paymentInformationId: string
  readonly instructionId?: string
  readonly endToEndId?: string
  readonly uetr?: string
  readonly status: PaymentStatus
  /** Why it was refused. */
  readonly reasons?: readonly StatusReason[]
  /** When it was settled: `YYYY-MM-DDThh:mm:ss` with `Z` or an offset. */
  readonly acceptanceDateTimeIso?: string
  /** The ledger's own short reference, up to 35 characters. */
  readonly accountServicerReference?: string
}

/** The file that is reported on, as `Pain001Result.file` gives it. */
export interface ReportedFile {
  readonly version: 'pain.001.001.03' | 'pain.001.001.09'
  readonly messageName: string
  readonly messageId: string
  readonly creationDateTime?: string
  readonly numberOfTransactions: number
  readonly controlSum?: string
}

export interface Pain002Options {
  readonly file: ReportedFile
  /** Identifies the report: up to 35 characters, its own for each report. */
  readonly messageId: string
  /** `YYYY-MM-DDThh:mm:ss`, with `Z` or an offset. */
  readonly creationDateTimeIso: string
  /** Who reports. */
  readonly initiatingParty?: { readonly name?: string; readonly bic?: string; readonly lei?: string }
  /** Why the file as a whole was refused; its status is then RJCT, and no payment needs to be listed. */
  readonly groupReasons?: readonly StatusReason[]
  /**
   * The payments in the order of the file. Called twice, for the header states the counts: it must give the same
   * payments both times.
   */
  readonly payments: () => AsyncIterable<ReportedPayment> | Iterable<ReportedPayment>
}
