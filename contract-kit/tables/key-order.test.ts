import { describe, expect, test } from 'vitest'
import { readRowKey } from '../contract/read-row-key.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { t } from '../schema/t.ts'
import { randomFrom } from '../testing/random.ts'
import { compareBytes } from '../testing/rows.ts'
import { KeyForm } from './key-form.ts'
import { isBefore } from './range.ts'
import { table } from './table.ts'

const schema = t.object({ text: t.string(), number: t.integer(), amount: t.amount(), flag: t.boolean(), day: t.date() })
type Row = { text: string; number: number; amount: bigint; flag: boolean; day: string }
const fields = ['text', 'number', 'amount', 'flag', 'day'] as const
type Field = (typeof fields)[number]

/** In code points, as the ledger sorts. */
function compareTexts(a: string, b: string): number {
  const [left, right] = [[...a], [...b]].map((each) => each.map((character) => character.codePointAt(0)!))
  for (let i = 0; i < Math.min(left!.length, right!.length); i++)
    if (left![i] !== right![i]) return left![i]! - right![i]!
  return left!.length - right!.length
}

function compareRows(order: readonly Field[], a: Row, b: Row): number {
  for (const field of order) {
    const [left, right] = [a[field], b[field]]
    if (left === right) continue
    if (typeof left === 'string') return compareTexts(left, right as string)
    return left < right ? -1 : 1
  }
  return 0
}

describe('keys', () => {
  test('behavior: their texts sort as their fields do, whatever the fields are, and are read back', () => {
    const { random, seed } = randomFrom()
    const characters = ['', ' ', '!', '"', '/', '#', '~', '\u0001', '\t', 'A', 'P', 'Q', 'a', 'é', '\uffee', '😀', 'ab']
    const texts = () => Array.from({ length: random(5) }, () => characters[random(characters.length)]).join('')
    const integers = [0, 1, -1, 9, 10, -9, -10, 99, 100, -100, 2 ** 53 - 1, -(2 ** 53 - 1)]
    const integer = () => (random(2) === 0 ? integers[random(integers.length)]! : random(2_000) - 1_000)
    const amounts = [0n, 9n, 10n, 2n ** 64n, 2n ** 128n - 1n, 10n ** 26n, 10n ** 26n - 1n, 10n ** 27n]
    const row = (): Row => ({
      text: texts(),
      number: integer(),
      amount: random(2) === 0 ? amounts[random(amounts.length)]! : BigInt(random(300)),
      flag: random(2) === 0,
      day: `2026-0${1 + random(9)}-1${random(10)}`,
    })
    for (let round = 0; round < 100; round++) {
      const order = [...fields].sort(() => random(3) - 1).slice(0, 1 + random(fields.length))
      const form = new KeyForm('x/', order, schema as unknown as JsonSchema, 'x')
      const rows = Array.from({ length: 12 }, row)
      for (const a of rows) {
        for (const b of rows) {
          const [left, right] = [form.ofRow(a), form.ofRow(b)]
          const expected = Math.sign(compareRows(order, a, b))
          const shown = `seed ${seed}: ${JSON.stringify([order, left, right])}`
          expect(Math.sign(compareBytes(left, right)), shown).toBe(expected)
          expect(isBefore(left, right), shown).toBe(expected < 0)
        }
        const tables = { x: { key: order, schema: schema as unknown as JsonSchema, indexes: {} } }
        const read = readRowKey(tables, form.ofRow(a))!.fields
        for (const field of order)
          expect(read[field], `seed ${seed}`).toEqual(field === 'amount' ? String(a.amount) : a[field])
      }
    }
  })

  test('args: the documented examples', () => {
    const key = (order: readonly string[], row: object) =>
      new KeyForm('deals/', order, schema as unknown as JsonSchema, 'deals').ofRow(row as Record<string, unknown>)
    expect(key(['number', 'text'], { number: 1_790_000_000_000, text: 'a b' })).toBe('deals/M1790000000000 a b')
    expect(key(['text', 'number'], { text: 'a b!', number: -42 })).toBe('deals/a!Pb!Q -O57')
    expect(key(['amount'], { amount: 0n })).toBe('deals/A0')
  })

  test.each([
    ['a number for a text', 'text', 5],
    ['half a character', 'text', '\ud800'],
    ['U+0000', 'text', 'a\0b'],
    ['nothing', 'number', undefined],
    ['a fraction', 'number', 1.5],
    ['a number for an amount', 'amount', 5],
    ['an amount below zero', 'amount', -1n],
    ['a long day', 'day', '2026-11-200'],
  ])('error: %s', (_, field, value) => {
    const form = new KeyForm('x/', [field], schema as unknown as JsonSchema, 'x')
    expect(() => form.ofRow({ [field]: value })).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
  })

  test('error: fields that are not there, or have no order', () => {
    const form = (field: string, of: unknown) => () => new KeyForm('x/', [field], of as JsonSchema, 'x')
    expect(form('other', schema)).toThrow('x: there is no field other')
    expect(form('list', t.object({ list: t.array(t.string()) }))).toThrow('x.list can be no part of a key')
    expect(table({ key: ['id'], schema: t.object({ id: t.string() }) }).indexes).toEqual({})
  })

  test('error: keys that the kit does not write', () => {
    const tables = {
      x: { key: ['number', 'text'], schema: schema as unknown as JsonSchema, indexes: { byDay: ['day'] } },
    }
    expect(readRowKey(tables, 'x#byDay/2026-11-20 A5 a b')).toEqual({
      table: 'x',
      index: 'byDay',
      fields: { day: '2026-11-20', number: 5, text: 'a b' },
    })
    for (const key of ['y/A5 a', 'x/A5', 'x', 'x#other/A5 a', 'x#byDay#a/A5 a', 'toString/a']) {
      expect(readRowKey(tables, key), key).toBeUndefined()
    }
  })
})
