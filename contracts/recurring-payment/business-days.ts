import { type Static, t } from '@tallystick/contract-kit'
import { civilOfDay, dateOf, easterOf, weekdayOf } from './calendar.ts'

export const holidaysMax = 64

/** Which days are no business days. It is part of what the payer signs: nobody changes it later. */
export const calendar = t.object({
  /** None; Saturdays and Sundays; or those and the closing days of the euro's payment system, as they have been since 2002. */
  closed: t.enum(['never', 'weekends', 'target2']),
  /** Others, such as those of a country or a bank. */
  holidays: t.array(t.date(), { maxItems: holidaysMax }),
})

/** Where a payment goes whose day is no business day (ISDA 2006 definitions, 4.12). */
export const convention = t.enum(['following', 'modified-following', 'preceding'])

export type Calendar = Static<typeof calendar>
export type Convention = Static<typeof convention>

export function isBusinessDay(day: number, { closed, holidays }: Calendar): boolean {
  if (closed !== 'never' && weekdayOf(day) > 5) return false
  if (closed === 'target2' && isTarget2Holiday(day)) return false
  return !holidays.includes(dateOf(day))
}

/**
 * New Year's Day, Good Friday, Easter Monday, Labour Day, Christmas Day and the day after it (European Central Bank, "Long-term
 * calendar for TARGET closing days", 14 December 2000).
 */
export function isTarget2Holiday(day: number): boolean {
  const { year, month, day: dayOfMonth } = civilOfDay(day)
  if (month === 1) return dayOfMonth === 1
  if (month === 12) return dayOfMonth === 25 || dayOfMonth === 26
  if (month === 5) return dayOfMonth === 1
  if (month > 5) return false
  const afterEaster = day - easterOf(year)
  return afterEaster === -2 || afterEaster === 1
}

/** The day itself if it is a business day, otherwise the one that the convention says. */
export function adjusted(day: number, convention: Convention, calendar: Calendar): number {
  if (convention === 'preceding') return nearest(day, -1, calendar)
  const following = nearest(day, 1, calendar)
  if (convention === 'following' || civilOfDay(following).month === civilOfDay(day).month) return following
  return nearest(day, -1, calendar)
}

/** The first business day after a day. */
export function nextBusinessDay(day: number, calendar: Calendar): number {
  return nearest(day + 1, 1, calendar)
}

/** Ends, since a calendar that lists so few holidays has a business day in each of the other weeks. */
function nearest(day: number, step: 1 | -1, calendar: Calendar): number {
  let nearest = day
  while (!isBusinessDay(nearest, calendar)) nearest += step
  return nearest
}
