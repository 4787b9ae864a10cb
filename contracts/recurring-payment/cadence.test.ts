import { describe, expect, test } from 'vitest'
import { type Cadence, nominalDay } from './cadence.ts'
import { dateOf, dayOf } from './calendar.ts'

const dates = (cadence: Cadence, first: string, count: number) =>
  Array.from({ length: count }, (_, number) => dateOf(nominalDay(cadence, dayOf(first), number)))

describe('cadence', () => {
  test('every so many days', () => {
    expect(dates({ unit: 'days', every: 10 }, '2026-02-20', 3)).toEqual(['2026-02-20', '2026-03-02', '2026-03-12'])
  })

  test('every so many weeks', () => {
    expect(dates({ unit: 'weeks', every: 2 }, '2025-12-22', 3)).toEqual(['2025-12-22', '2026-01-05', '2026-01-19'])
  })

  test('the 31st is the last day of every month', () => {
    expect(dates({ unit: 'months', every: 1, day: 31 }, '2027-11-05', 6)).toEqual([
      '2027-11-30',
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-30',
    ])
  })

  test('a shorter month does not shorten those after it', () => {
    expect(dates({ unit: 'months', every: 1, day: 30 }, '2026-01-30', 3)).toEqual([
      '2026-01-30',
      '2026-02-28',
      '2026-03-30',
    ])
  })

  test('months begin with the first such day that is not before the first date', () => {
    const monthly = { unit: 'months', every: 1, day: 15 } as const
    expect(dates(monthly, '2026-01-15', 1)).toEqual(['2026-01-15'])
    expect(dates(monthly, '2026-12-16', 2)).toEqual(['2027-01-15', '2027-02-15'])
    expect(dates({ unit: 'months', every: 1, day: 31 }, '2026-02-28', 1)).toEqual(['2026-02-28'])
  })

  test('quarters and years', () => {
    expect(dates({ unit: 'months', every: 3, day: 31 }, '2025-11-30', 4)).toEqual([
      '2025-11-30',
      '2026-02-28',
      '2026-05-31',
      '2026-08-31',
    ])
    expect(dates({ unit: 'months', every: 12, day: 29 }, '2024-02-29', 5).map((date) => date.slice(5))).toEqual([
      '02-29',
      '02-28',
      '02-28',
      '02-28',
      '02-29',
    ])
  })
})
