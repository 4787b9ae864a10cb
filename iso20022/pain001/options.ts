import { dayOfDate, dayOfTime } from '../values/date.ts'

export interface Pain001Options {
  /** The ledger's time, Unix milliseconds: execution dates are checked against its day in UTC. */
  readonly blockTimeMs: number
  /** Pays what is dated after the window on the day of `blockTimeMs`, instead of refusing it. */
  readonly executeNow?: boolean
  /** `YYYY-MM-DD`: the business date of every payment, instead of the dates of the file. */
  readonly businessDate?: string
  /** How many days before the day of `blockTimeMs` a business date may lie. 400 by default. */
  readonly daysBackMax?: number
  /** How many days after it. 7 by default. */
  readonly daysAheadMax?: number
  /** Largest amount of one payment in minor units. 10^18 − 1 by default. */
  readonly amountMinorMax?: bigint
  /** 1 GiB by default. */
  readonly fileBytesMax?: number
  /** 1,000,000 by default. */
  readonly paymentsMax?: number
  /** How many problems, and how many warnings, are listed; all are counted. 1,000 by default. */
  readonly problemsMax?: number
}

export interface Pain001Limits {
  readonly today: number
  readonly earliestDay: number
  readonly latestDay: number
  readonly executeNow: boolean
  readonly businessDay: number | undefined
  readonly amountMinorMax: bigint
  readonly fileBytesMax: number
  readonly paymentsMax: number
  readonly problemsMax: number
}

/** @throws {RangeError} if `businessDate` is no date. */
export function limitsOf(options: Pain001Options): Pain001Limits {
  const { businessDate } = options
  const businessDay = businessDate === undefined ? undefined : dayOfDate(businessDate)
  if (businessDate !== undefined && (businessDay === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(businessDate))) {
    throw new RangeError(`the business date "${businessDate}" is no date of the form YYYY-MM-DD`)
  }
  const today = dayOfTime(options.blockTimeMs)
  return {
    today,
    earliestDay: today - (options.daysBackMax ?? 400),
    latestDay: today + (options.daysAheadMax ?? 7),
    executeNow: options.executeNow ?? false,
    businessDay,
    amountMinorMax: options.amountMinorMax ?? 10n ** 18n - 1n,
    fileBytesMax: options.fileBytesMax ?? 1 << 30,
    paymentsMax: options.paymentsMax ?? 1_000_000,
    problemsMax: options.problemsMax ?? 1_000,
  }
}
