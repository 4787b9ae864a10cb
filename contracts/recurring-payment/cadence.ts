import { type Static, t } from '@tallystick/contract-kit'
import { civilOfDay, dayOfCivil, daysInMonth, firstOfMonth } from './calendar.ts'

/** How far payments are apart. */
export const cadence = t.union([
  t.object({ unit: t.literal('days'), every: t.integer({ minimum: 1, maximum: 366 }) }),
  t.object({ unit: t.literal('weeks'), every: t.integer({ minimum: 1, maximum: 53 }) }),
  t.object({
    unit: t.literal('months'),
    every: t.integer({ minimum: 1, maximum: 12 }),
    /** Months that are shorter have the payment on their last day, so 31 is the last day of every month. */
    day: t.integer({ minimum: 1, maximum: 31 }),
  }),
])

export type Cadence = Static<typeof cadence>

/**
 * The day on which a payment falls before it is moved to a business day. Each is counted from the first, so none drifts because an
 * earlier one was moved or shortened.
 * @param first - Payments in days and weeks begin on it, monthly ones on the first day of their kind that is not before it.
 * @param number - From 0 on.
 */
export function nominalDay(cadence: Cadence, first: number, number: number): number {
  switch (cadence.unit) {
    case 'days':
      return first + number * cadence.every
    case 'weeks':
      return first + number * cadence.every * 7
    case 'months': {
      const { year, month } = civilOfDay(first)
      const months = monthlyDay(year, month, cadence.day) < first ? month + 1 : month
      return monthlyDay(year, months + number * cadence.every, cadence.day)
    }
  }
}

function monthlyDay(year: number, month: number, day: number): number {
  return dayOfCivil(firstOfMonth(year, month)) + Math.min(day, daysInMonth(year, month)) - 1
}
