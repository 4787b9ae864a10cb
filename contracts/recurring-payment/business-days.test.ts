import { describe, expect, test } from 'vitest'
import {
  adjusted,
  type Calendar,
  type Convention,
  isBusinessDay,
  isTarget2Holiday,
  nextBusinessDay,
} from './business-days.ts'
import { dateOf, dayOf } from './calendar.ts'

const target2: Calendar = { closed: 'target2', holidays: [] }
const weekends: Calendar = { closed: 'weekends', holidays: [] }

describe('business days', () => {
  // As the European Central Bank lists them.
  test.each([
    [2005, '01-01 03-25 03-28 05-01 12-25 12-26'],
    [2008, '01-01 03-21 03-24 05-01 12-25 12-26'],
    [2011, '01-01 04-22 04-25 05-01 12-25 12-26'],
    [2019, '01-01 04-19 04-22 05-01 12-25 12-26'],
    [2020, '01-01 04-10 04-13 05-01 12-25 12-26'],
    [2024, '01-01 03-29 04-01 05-01 12-25 12-26'],
    [2025, '01-01 04-18 04-21 05-01 12-25 12-26'],
    [2026, '01-01 04-03 04-06 05-01 12-25 12-26'],
    [2027, '01-01 03-26 03-29 05-01 12-25 12-26'],
    [2038, '01-01 04-23 04-26 05-01 12-25 12-26'],
  ])('TARGET2 is closed in %i on %s', (year, listed) => {
    const closed: string[] = []
    for (let day = dayOf(`${year}-01-01`); day <= dayOf(`${year}-12-31`); day++) {
      if (isTarget2Holiday(day)) closed.push(dateOf(day).slice(5))
    }
    expect(closed.join(' ')).toBe(listed)
  })

  test('which days are business days', () => {
    const closed = (calendar: Calendar, ...dates: string[]) =>
      dates.filter((date) => !isBusinessDay(dayOf(date), calendar))
    const week = ['2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06', '2026-04-07']
    expect(closed({ closed: 'never', holidays: [] }, ...week)).toEqual([])
    expect(closed(weekends, ...week)).toEqual(['2026-04-04', '2026-04-05'])
    expect(closed(target2, ...week)).toEqual(week.slice(0, 4))
    expect(closed({ closed: 'never', holidays: ['2026-04-07'] }, ...week)).toEqual(['2026-04-07'])
  })

  test.each<[Convention, string, string]>([
    ['following', '2026-01-31', '2026-02-02'],
    ['modified-following', '2026-01-31', '2026-01-30'],
    ['preceding', '2026-01-31', '2026-01-30'],
    ['following', '2026-04-03', '2026-04-07'],
    ['modified-following', '2026-04-03', '2026-04-07'],
    ['preceding', '2026-04-03', '2026-04-02'],
    ['following', '2027-01-01', '2027-01-04'],
    ['modified-following', '2027-01-01', '2027-01-04'],
    ['preceding', '2027-01-01', '2026-12-31'],
    ['modified-following', '2024-03-31', '2024-03-28'],
    ['following', '2026-07-15', '2026-07-15'],
    ['preceding', '2026-07-15', '2026-07-15'],
  ])('%s moves %s to %s', (convention, date, moved) => {
    expect(dateOf(adjusted(dayOf(date), convention, target2))).toBe(moved)
  })

  test('the next business day is another day', () => {
    expect(dateOf(nextBusinessDay(dayOf('2026-07-15'), weekends))).toBe('2026-07-16')
    expect(dateOf(nextBusinessDay(dayOf('2026-07-17'), weekends))).toBe('2026-07-20')
    expect(dateOf(nextBusinessDay(dayOf('2026-04-02'), target2))).toBe('2026-04-07')
  })
})
