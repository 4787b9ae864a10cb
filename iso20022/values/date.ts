const DATE = '(-?\\d{4,})-(\\d{2})-(\\d{2})'
const ZONE = '(Z|[+-]\\d{2}:\\d{2})?'
const DATE_ONLY = new RegExp(`^${DATE}${ZONE}$`)
const DATE_TIME = new RegExp(`^${DATE}T(\\d{2}):(\\d{2}):(\\d{2})(\\.\\d+)?${ZONE}$`)
const MINUTES_PER_DAY = 1440
const DAY_MS = 86_400_000

/** Days since 1970-01-01 of a date as `xs:date` writes it, its time zone left aside; nothing if it is none. */
export function dayOfDate(text: string): number | undefined {
  const match = DATE_ONLY.exec(text)
  if (!match || zoneMinutes(match[4]) === undefined) return undefined
  return dayOf(match[1]!, match[2]!, match[3]!)
}

/**
 * Days since 1970-01-01, in UTC, of a point in time as `xs:dateTime` writes it; nothing if it is none. One without a
 * time zone counts as UTC.
 */
export function dayOfDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text)
  if (!match) return undefined
  const [, year, month, dayOfMonth, hour, minute, second, fraction = '', zone] = match
  const day = dayOf(year!, month!, dayOfMonth!)
  const offset = zoneMinutes(zone)
  if (day === undefined || offset === undefined) return undefined
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  const endOfDay = h === 24 && m === 0 && s === 0 && /^\.?0*$/.test(fraction)
  if ((h > 23 && !endOfDay) || m > 59 || s > 59) return undefined
  return day + Math.floor((h * 60 + m - offset) / MINUTES_PER_DAY)
}

/** The day in UTC of Unix milliseconds. */
export function dayOfTime(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS)
}

/** `YYYY-MM-DD` of a day; years before 0 or after 9999 as XML Schema writes them. */
export function formatDay(day: number): string {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const digits = String(Math.abs(year)).padStart(4, '0')
  return `${year < 0 ? '-' : ''}${digits}-${two(month)}-${two(dayOfMonth)}`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Days from civil date in the proleptic Gregorian calendar, counted in eras of 400 years from 1 March. */
function dayOf(yearText: string, monthText: string, dayText: string): number | undefined {
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)]
  // XML Schema 1.0 has no year zero, and no leading zeros beyond four digits.
  if (year === 0 || !Number.isSafeInteger(year) || /^-?0\d{4,}$/.test(yearText)) return undefined
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const yearOfEra = shiftedYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))]
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
