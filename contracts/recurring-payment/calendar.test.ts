import { describe, expect, test } from 'vitest'
import { civilOfDay, dateOf, dayMs, dayOf, dayOfTime, daysInMonth, easterOf, weekdayOf } from './calendar.ts'

// The computer's own calendar is the reference: contracts have none.
const referenceDate = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10)

describe('calendar', () => {
  test('every day from 1890 to 2210 has the date, the number and the weekday that the computer gives it', () => {
    const [first, last] = [Date.UTC(1890, 0, 1) / dayMs, Date.UTC(2210, 11, 31) / dayMs]
    let wrong = 0
    for (let day = first; day <= last; day++) {
      const date = referenceDate(day)
      const weekday = new Date(day * dayMs).getUTCDay() || 7
      if (dateOf(day) !== date || dayOf(date) !== day || weekdayOf(day) !== weekday) wrong++
    }
    expect(wrong).toBe(0)
  })

  test('known days', () => {
    expect(dayOf('1970-01-01')).toBe(0)
    expect(dayOf('2000-02-29')).toBe(11_016)
    expect(dayOf('0000-03-01')).toBe(-719_468)
    expect(dateOf(dayOf('9999-12-31'))).toBe('9999-12-31')
    expect(civilOfDay(-1)).toEqual({ year: 1969, month: 12, day: 31 })
    expect(dayOfTime(Date.UTC(2026, 0, 5, 23, 59))).toBe(dayOf('2026-01-05'))
  })

  test('lengths of months, counted on beyond December', () => {
    expect([2023, 2024, 1900, 2000].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29])
    expect([11, 12, 13, 14, 26].map((month) => daysInMonth(2023, month))).toEqual([30, 31, 31, 29, 28])
  })

  // The list of the years 2000 to 2030; the earliest and the latest Easter there can be.
  const easters =
    `2000-04-23 2001-04-15 2002-03-31 2003-04-20 2004-04-11 2005-03-27 2006-04-16 2007-04-08 2008-03-23 2009-04-12
    2010-04-04 2011-04-24 2012-04-08 2013-03-31 2014-04-20 2015-04-05 2016-03-27 2017-04-16 2018-04-01 2019-04-21 2020-04-12
    2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21
    1818-03-22 2285-03-22 1943-04-25 2038-04-25`.split(/\s+/)

  test.each(easters)('Easter %s', (date) => {
    expect(dateOf(easterOf(Number(date.slice(0, 4))))).toBe(date)
  })

  test('Easter is a Sunday from 22 March to 25 April for 800 years', () => {
    for (let year = 1600; year < 2400; year++) {
      const easter = easterOf(year)
      expect(weekdayOf(easter)).toBe(7)
      expect(easter).toBeGreaterThanOrEqual(dayOf(`${year}-03-22`))
      expect(easter).toBeLessThanOrEqual(dayOf(`${year}-04-25`))
    }
  })
})
