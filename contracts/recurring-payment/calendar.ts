/**
 * Civil days as numbers: day 0 is 1 January 1970, in UTC. All by integer arithmetic in the Gregorian calendar, from the year 0 on.
 * The formulas count from 1 March of the year 0, so that a leap day is the last of its year (H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms").
 */
export const dayMs = 86_400_000

export interface CivilDate {
  readonly year: number
  /** From 1 to 12. */
  readonly month: number
  /** From 1 to 31. */
  readonly day: number
}

/** From 1 March of the year 0 to 1 January 1970. */
const epochOffset = 719_468
const daysPerEra = 146_097
const yearsPerEra = 400

function quotient(dividend: number, divisor: number): number {
  return Math.floor(dividend / divisor)
}

/** The day of a date; a day beyond the month's last goes on into the next month. */
export function dayOfCivil({ year, month, day }: CivilDate): number {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = quotient(shiftedYear, yearsPerEra)
  const yearOfEra = shiftedYear - era * yearsPerEra
  const dayOfYear = quotient(153 * ((month + 9) % 12) + 2, 5) + day - 1
  const dayOfEra = yearOfEra * 365 + quotient(yearOfEra, 4) - quotient(yearOfEra, 100) + dayOfYear
  return era * daysPerEra + dayOfEra - epochOffset
}

export function civilOfDay(day: number): CivilDate {
  const shifted = day + epochOffset
  const era = quotient(shifted, daysPerEra)
  const dayOfEra = shifted - era * daysPerEra
  const leapDays = quotient(dayOfEra, 1_460) - quotient(dayOfEra, 36_524) + quotient(dayOfEra, 146_096)
  const yearOfEra = quotient(dayOfEra - leapDays, 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + quotient(yearOfEra, 4) - quotient(yearOfEra, 100))
  const shiftedMonth = quotient(5 * dayOfYear + 2, 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * yearsPerEra + (month <= 2 ? 1 : 0)
  return { year, month, day: dayOfYear - quotient(153 * shiftedMonth + 2, 5) + 1 }
}

/** @param date - `YYYY-MM-DD`. */
export function dayOf(date: string): number {
  return dayOfCivil({ year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8)) })
}

/** As `YYYY-MM-DD`. */
export function dateOf(day: number): string {
  const { year, month, day: dayOfMonth } = civilOfDay(day)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`
}

/** The UTC day of a time in Unix milliseconds. */
export function dayOfTime(timeMs: number): number {
  return quotient(timeMs, dayMs)
}

/** From 1, a Monday, to 7 (ISO 8601). */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** @param month - From 1 on; 13 is January of the year after. */
export function daysInMonth(year: number, month: number): number {
  return dayOfCivil(firstOfMonth(year, month + 1)) - dayOfCivil(firstOfMonth(year, month))
}

/** The first of a month, counted on beyond December. */
export function firstOfMonth(year: number, month: number): CivilDate {
  const months = year * 12 + month - 1
  return { year: quotient(months, 12), month: (months % 12) + 1, day: 1 }
}

/** Easter Sunday of the Gregorian calendar ("Anonymous Gregorian algorithm", Nature, 20 April 1876). */
export function easterOf(year: number): number {
  const golden = year % 19
  const century = quotient(year, 100)
  const yearOfCentury = year % 100
  const correction = quotient(century - quotient(century + 8, 25) + 1, 3)
  const epact = (19 * golden + century - quotient(century, 4) - correction + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * quotient(yearOfCentury, 4) - epact - (yearOfCentury % 4)) % 7
  const late = quotient(golden + 11 * epact + 22 * weekday, 451)
  const sum = epact + weekday - 7 * late + 114
  return dayOfCivil({ year, month: quotient(sum, 31), day: (sum % 31) + 1 })
}
