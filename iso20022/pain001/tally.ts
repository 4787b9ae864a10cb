import type { MessageNode } from '../check/node.ts'
import type { ProblemCode, ProblemFields } from '../errors.ts'
import { addDecimals, type Decimal, equalDecimals, formatDecimal, parseDecimal, ZERO } from '../values/decimal.ts'
import type { Tell } from './rules.ts'

/** Counts payments and adds up their amounts as numbers, for the file or for one payment information. */
export interface Tally {
  count: number
  /** Missing once an amount could not be read: then no sum can be compared. */
  sum: Decimal | undefined
}

export function newTally(): Tally {
  return { count: 0, sum: ZERO }
}

/** Adds one payment: its amount, or that of its equivalent in another currency. */
export function addToTally(tally: Tally, amount: Decimal | undefined): void {
  tally.count += 1
  tally.sum = tally.sum && amount ? addDecimals(tally.sum, amount) : undefined
}

/** The sum as the file would write it. */
export function sumOf(tally: Tally): { controlSum?: string } {
  return tally.sum ? { controlSum: formatDecimal(tally.sum) } : {}
}

/** Tells a stated number of payments or control sum that is not the counted one. */
export function checkTally(
  tally: Tally,
  stated: { readonly number: MessageNode | undefined; readonly sum: MessageNode | undefined },
  codes: { readonly number: ProblemCode; readonly sum: ProblemCode },
  tell: Tell,
): void {
  const { number, sum } = stated
  const fields = (node: MessageNode, counted: string): ProblemFields => ({ stated: node.value, counted })
  if (number?.isValid && BigInt(number.value) !== BigInt(tally.count)) {
    tell(codes.number, number, fields(number, String(tally.count)))
  }
  const statedSum = sum?.isValid ? parseDecimal(sum.value) : undefined
  if (sum && statedSum && tally.sum && !equalDecimals(statedSum, tally.sum)) {
    tell(codes.sum, sum, fields(sum, formatDecimal(tally.sum)))
  }
}
