import { find, type MessageNode, pathOf } from '../check/node.ts'
import { dayOfDate, dayOfDateTime, formatDay } from '../values/date.ts'
import type { Pain001Limits } from './options.ts'
import type { Tell } from './rules.ts'

export interface ExecutionDate {
  /** As the file says, in UTC where it states a time. */
  readonly requested?: string
  /** The day that the payments are booked under; missing if the file's date can't be used. */
  readonly business?: string
}

/**
 * The business date of a payment information: the requested execution date if it lies in the window, today for a later
 * one with `executeNow`, or the date that the caller sets for the whole file.
 *
 * `ReqdExctnDt` is a date (V03) or a choice of date and time (V09). A date with a time zone counts as written; a point
 * in time counts by its day in UTC, the ledger's own.
 */
export function executionDateOf(block: MessageNode, limits: Pain001Limits, tell: Tell): ExecutionDate {
  const node = find(block, 'ReqdExctnDt')
  const date = node?.type.kind === 'value' ? node : find(node, 'Dt')
  const time = find(node, 'DtTm')
  const day = date?.isValid ? dayOfDate(date.value) : time?.isValid ? dayOfDateTime(time.value) : undefined
  const requested = day === undefined ? {} : { requested: formatDay(day) }
  if (limits.businessDay !== undefined) return { ...requested, business: formatDay(limits.businessDay) }
  if (day === undefined || !node) return requested
  if (day > limits.latestDay && limits.executeNow) return { ...requested, business: formatDay(limits.today) }
  return tellOutsideWindow(day, node, limits, tell) ? requested : { ...requested, business: formatDay(day) }
}

/** Tells a day that lies outside of the window, and whether it did. */
export function tellOutsideWindow(day: number, node: MessageNode, limits: Pain001Limits, tell: Tell): boolean {
  if (day < limits.earliestDay) {
    tell('PAIN001_DATE_TOO_OLD', node, { date: formatDay(day), earliest: formatDay(limits.earliestDay) })
    return true
  }
  if (day > limits.latestDay) {
    tell('PAIN001_DATE_TOO_LATE', node, { date: formatDay(day), latest: formatDay(limits.latestDay) })
    return true
  }
  return false
}

/** Where a node stands, for a problem. */
export function placeOf(node: MessageNode): { line: number; column: number; path: string } {
  return { line: node.line, column: node.column, path: pathOf(node) }
}
