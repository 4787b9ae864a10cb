import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isBic } from './bic.ts'
import { currencies, currencyDecimals } from './currency.ts'
import { dayOfDate, dayOfDateTime, formatDay } from './date.ts'
import {
  addDecimals,
  digitsOf,
  equalDecimals,
  formatDecimal,
  fromMinorUnits,
  parseDecimal,
  toMinorUnits,
} from './decimal.ts'
import { ibanFaults, makeIban } from './iban.ts'
import { isLeiChecksumRight, makeLei } from './lei.ts'

const CODES = new URL('../../../shared/data/fx-and-codes/iso4217-codes-all.csv', import.meta.url)
const missing = !existsSync(CODES)
if (missing) console.log('skipped: ../shared/data/fx-and-codes is missing, currencies are not compared with ISO 4217')

describe('decimals', () => {
  test.each(['', '.', '+', '-', '1e3', '1,5', '0x1', ' 1', '1 ', 'NaN', 'INF', '1.2.3', '--1', '١'])(
    '"%s" is none',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined()
    },
  )

  test.each([
    ['1.', '1'],
    ['.5', '0.5'],
    ['+001.500', '1.5'],
    ['-0.0', '0'],
    ['-12.30', '-12.3'],
  ])('"%s" is %s', (text, canonical) => {
    expect(formatDecimal(parseDecimal(text)!)).toBe(canonical)
  })

  test('digits count as XML Schema counts them', () => {
    expect(['0', '000.100', '123.45', '0.00001', '100'].map((text) => digitsOf(parseDecimal(text)!))).toEqual([
      1, 1, 5, 5, 3,
    ])
  })

  test('property: sums are those of integers, in any order', () => {
    const amounts = fc.array(
      fc.tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 17 })),
    )
    fc.assert(
      fc.property(amounts, (values) => {
        const scaled = values.map(([units, scale]) => fromMinorUnits(units, scale))
        const sum = scaled.reduce(addDecimals, { units: 0n, scale: 0 })
        const reversed = [...scaled].reverse().reduce(addDecimals, { units: 0n, scale: 0 })
        const exact = values.reduce((total, [units, scale]) => total + units * 10n ** BigInt(17 - scale), 0n)
        expect(equalDecimals(sum, reversed)).toBe(true)
        expect(toMinorUnits(sum, 17)).toBe(exact)
        expect(equalDecimals(parseDecimal(formatDecimal(sum, 3))!, sum)).toBe(true)
      }),
    )
  })
})

describe('dates', () => {
  test('property: days and dates are those of the calendar', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (day) => {
        const text = new Date(day * 86_400_000).toISOString().slice(0, 10)
        expect([dayOfDate(text), formatDay(day)]).toEqual([day, text])
      }),
    )
  })

  test.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-04-31',
    '0000-01-01',
    '02026-01-01',
    '26-01-01',
    '2026-01-01+14:01',
    '2026-01-01T00:00:00',
  ])('%s is no date', (text) => {
    expect(dayOfDate(text)).toBeUndefined()
  })

  test.each([
    '2026-11-21',
    '2026-11-21T24:00:01',
    '2026-11-21T10:60:00',
    '2026-11-21T10:00:60',
    '2026-11-21T10:00:00.',
    '2026-11-21 10:00:00',
  ])('%s is no point in time', (text) => {
    expect(dayOfDateTime(text)).toBeUndefined()
  })
})

describe('IBAN, ISO 13616', () => {
  // Examples that the registry of IBAN formats prints.
  test.each([
    'DE89370400440532013000',
    'FR1420041010050500013M02606',
    'GB29NWBK60161331926819',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
    'BR1800360305000010009795493C1',
  ])('%s is right, and wrong with any two neighbours swapped', (iban) => {
    expect(ibanFaults(iban)).toEqual([])
    for (let index = 4; index + 1 < iban.length; index += 1) {
      if (iban[index] === iban[index + 1]) continue
      const swapped = iban.slice(0, index) + iban[index + 1] + iban[index] + iban.slice(index + 2)
      expect(ibanFaults(swapped)).toContain('checksum')
    }
  })

  test('check digits outside of 02 to 98 are wrong though the remainder is right', () => {
    const number = '370400440532013'
    const found = Array.from({ length: 1000 }, (_, index) => makeIban('DE', number + String(index).padStart(3, '0')))
    const low = found.find((iban) => iban.startsWith('DE97') || iban.startsWith('DE98'))!
    const alias = `DE${low.startsWith('DE97') ? '00' : '01'}${low.slice(4)}`
    expect([ibanFaults(low), ibanFaults(alias)]).toEqual([[], ['checksum']])
  })

  test('makeIban refuses what is no account number of the country', () => {
    expect(makeIban('DE', '3704 0044 0532 0130 00')).toBe('DE89370400440532013000')
    expect(() => makeIban('DE', '123')).toThrow(RangeError)
    expect(() => makeIban('US', '123')).toThrow(RangeError)
  })
})

test('LEI, ISO 17442: check digits', () => {
  expect(isLeiChecksumRight(makeLei('529900T8BM49AURSDO'))).toBe(true)
  expect(makeLei('529900T8BM49AURSDO')).toBe('529900T8BM49AURSDO55')
  expect(isLeiChecksumRight('529900T8BM49AURSDO56')).toBe(false)
})

test('BIC, ISO 9362: form and country, digits in the prefix since 2014', () => {
  expect(['DEUTDEFF', 'DEUTDEFF500', '1ABCDEFF'].map(isBic)).toEqual([true, true, true])
  expect(['DEUTQQFF', 'DEUTDEF', 'DEUTDEFF50', 'DEUT1EFF', ''].map(isBic)).toEqual([false, false, false, false, false])
})

describe('currencies', () => {
  test('funds, metals and former currencies are none to pay in', () => {
    expect(['EUR', 'JPY', 'BHD', 'CLF'].map(currencyDecimals)).toEqual([2, 0, 3, 4])
    expect(['XAU', 'XXX', 'XTS', 'DEM', 'BGN', 'HRK', 'eur', ''].map(currencyDecimals)).toEqual(
      Array(8).fill(undefined),
    )
  })

  test.skipIf(missing)('the table is that of ISO 4217', () => {
    const published = new Map<string, number>()
    for (const row of readFileSync(CODES, 'utf8').split('\n').slice(1)) {
      const match = /,([A-Z]{3}),(\d*),([\d-]*),([^,]*)$/.exec(row.trimEnd())
      if (match && match[4] === '' && match[3] !== '-' && match[3] !== '') published.set(match[1]!, Number(match[3]))
    }
    expect(published.size).toBeGreaterThan(150)
    expect([...currencies()].sort()).toEqual([...published].sort())
  })
})
