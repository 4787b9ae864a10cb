import { compileSchema, type JsonValue } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '../testing/random.ts'
import { compileReader } from './compile-reader.ts'
import { fromJson, jsonText, toJson } from './json-form.ts'
import { hasAmount, type JsonSchema } from './json-schema.ts'
import { t } from './t.ts'

type Random = (below: number) => number

const texts = ['', 'a', '__proto__', 'é', '😀😀', 'a "quoted" one', 'xxxxxxxx']
const amounts = [0n, 5n, 2n ** 64n, 2n ** 128n - 1n]
const names = ['a', 'b', 'with space', 'c1', 'default', 'then']

/** A schema, and a function that makes values of it. */
function randomSchema(random: Random, depth: number): { schema: object; make: () => unknown } {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!
  switch (random(depth > 0 ? 12 : 8)) {
    case 0:
      return { schema: t.string({ minLength: 1, maxLength: 2 }), make: () => pick(['a', '😀😀', 'ab', 'é']) }
    case 1:
      return { schema: t.integer({ minimum: -3, exclusiveMaximum: 9 }), make: () => random(12) - 3 }
    case 2:
      return { schema: t.boolean(), make: () => random(2) === 0 }
    case 3:
      return { schema: t.enum(['x', 'y']), make: () => pick(['x', 'y']) }
    case 4:
      return { schema: t.literal('only'), make: () => 'only' }
    case 5:
      return { schema: t.string(), make: () => pick(texts) }
    case 6:
    case 7:
      return { schema: t.amount(), make: () => pick(amounts) }
    case 8: {
      const items = randomSchema(random, depth - 1)
      return {
        schema: t.array(items.schema as never, { maxItems: 3 }),
        make: () => Array.from({ length: random(4) }, items.make),
      }
    }
    case 9: {
      const values = randomSchema(random, depth - 1)
      return {
        schema: t.record(values.schema as never),
        make: () => Object.fromEntries(texts.slice(0, random(4)).map((name) => [name, values.make()])),
      }
    }
    case 10: {
      const inner = randomSchema(random, depth - 1)
      const tagged = (tag: string) => t.object({ kind: t.literal(tag), of: inner.schema as never })
      return {
        schema: t.union([tagged('one'), tagged('two'), t.null(), t.amount()]),
        make: () => pick([{ kind: pick(['one', 'two']), of: inner.make() }, null, pick(amounts)]),
      }
    }
    default: {
      const properties = names.slice(0, random(names.length)).map((name) => {
        const of = randomSchema(random, depth - 1)
        return { name, isOptional: random(3) === 0, ...of }
      })
      return {
        schema: t.object(
          Object.fromEntries(
            properties.map(({ name, isOptional, schema }) => [
              name,
              isOptional ? t.optional(schema as never) : (schema as never),
            ]),
          ),
        ),
        make: () => {
          const made = properties
            .filter(({ isOptional }) => !isOptional || random(2) === 0)
            .map(({ name, make }) => [name, make()])
          // The order of an author's object says nothing.
          return Object.fromEntries(random(2) === 0 ? made : made.reverse())
        },
      }
    }
  }
}

/** Something of the value is another one. */
function spoiled(value: unknown, random: Random): unknown {
  const wrong = [undefined, null, 1.5, 'xyz', '', 5n, -1n, 2n ** 128n, {}, [], true, Number.NaN, { a: 1 }]
  if (typeof value === 'object' && value !== null && random(3) > 0) {
    if (Array.isArray(value))
      return value.length === 0 ? wrong[random(wrong.length)] : value.map((of) => spoiled(of, random))
    const copy: Record<string, unknown> = { ...value }
    const keys = [...Object.keys(copy), 'other']
    copy[keys[random(keys.length)]!] = wrong[random(wrong.length)]
    return copy
  }
  return wrong[random(wrong.length)]
}

/** Without what is undefined; what JSON has not stays as it is. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, of]) => of !== undefined)
  return Object.fromEntries(entries.map(([name, of]) => [name, plain(of)]))
}

describe('values and their JSON', () => {
  test('behavior: every value of a schema goes to JSON that the ledger takes, and comes back', () => {
    const { random, seed } = randomFrom()
    for (let round = 0; round < 600; round++) {
      const { schema, make } = randomSchema(random, 3)
      const check = compileSchema(JSON.parse(JSON.stringify(schema)) as JsonValue)
      const value = make()
      const shown = `seed ${seed}, round ${round}: ${JSON.stringify(schema)}`
      const json = JSON.stringify(toJson(schema as JsonSchema, value))
      expect(check(JSON.parse(json) as JsonValue, 'value'), shown).toBeUndefined()
      expect(fromJson(schema as JsonSchema, JSON.parse(json) as JsonValue), shown).toEqual(value)
      // The order of properties is the schema's, so there is one text.
      expect(JSON.stringify(toJson(schema as JsonSchema, fromJson(schema as JsonSchema, JSON.parse(json))))).toBe(json)
    }
  })

  test('behavior: what the ledger would not take is refused', () => {
    const { random, seed } = randomFrom()
    let refused = 0
    for (let round = 0; round < 1_500; round++) {
      const { schema, make } = randomSchema(random, 2)
      const value = spoiled(make(), random)
      // The ledger could not tell an amount's text from another one.
      if (hasAmount(schema as JsonSchema)) continue
      const check = compileSchema(JSON.parse(JSON.stringify(schema)) as JsonValue)
      const isRight = value !== undefined && check(plain(value) as JsonValue, 'value') === undefined
      let isTaken = true
      try {
        toJson(schema as JsonSchema, value)
      } catch (error) {
        expect(error).toMatchObject({ code: 'VALUE_INVALID' })
        isTaken = false
        refused++
      }
      expect(isTaken, `seed ${seed}, round ${round}: ${JSON.stringify(schema)} ${jsonText(value)}`).toBe(isRight)
    }
    expect(refused).toBeGreaterThan(100)
  })

  const line = t.object({ amount: t.amount(), note: t.optional(t.string({ maxLength: 3 })) })
  const order = t.object({ id: t.account(), day: t.date(), lines: t.array(line), by: t.record(t.integer()) })
  const right = { id: 'a'.repeat(64), day: '2026-11-20', lines: [{ amount: 5n }], by: { x: 1 } }

  test.each([
    ['lines[1].amount: 5 is not', { ...right, lines: [{ amount: 5n }, { amount: 5 }] }],
    ['lines[0].amount: missing is not', { ...right, lines: [{}] }],
    ['lines[0].amount: -1n is not', { ...right, lines: [{ amount: -1n }] }],
    ['lines[0].note: "four" is not', { ...right, lines: [{ amount: 1n, note: 'four' }] }],
    ['lines[0].noted: is not in the schema', { ...right, lines: [{ amount: 1n, noted: 'x' }] }],
    ['by[x]: "1" is not', { ...right, by: { x: '1' } }],
    ['id: "ab" is not', { ...right, id: 'ab' }],
    ['day: "2026-1-1" is not', { ...right, day: '2026-1-1' }],
    ['lines: an object is not', { ...right, lines: {} }],
    ['value: missing is not', undefined],
  ])('error: %s', (message, value) => {
    const path = message.startsWith('value') ? message : `value.${message}`
    expect(() => toJson(order as unknown as JsonSchema, value)).toThrow(path)
  })

  test('args: a property that is undefined is as one that is not there', () => {
    const value = { ...right, lines: [{ amount: 1n, note: undefined }], other: undefined }
    expect(toJson(order as unknown as JsonSchema, value)).toMatchObject({ lines: [{ amount: '1' }] })
  })

  test('behavior: choices are told apart by what JSON tells apart', () => {
    const inner = t.object({ amount: t.optional(t.amount()) })
    const schema = t.union([inner, t.array(t.amount()), t.integer(), t.boolean(), t.union([t.null(), t.literal('x')])])
    for (const value of [{ amount: 5n }, {}, [5n, 6n], [], 5, true, null, 'x'] as const) {
      const json = toJson(schema as unknown as JsonSchema, value)
      expect(JSON.stringify(json)).not.toContain('5n')
      expect(fromJson(schema, json)).toEqual(value)
    }
    expect(() => toJson(schema as unknown as JsonSchema, 'y')).toThrow('value: "y" is not of the schema')
  })

  test('behavior: there is nothing to read where there are no amounts', () => {
    expect(compileReader(t.array(t.string()) as unknown as JsonSchema)).toBeUndefined()
    expect(fromJson(t.optional(t.integer()), 5)).toBe(5)
  })

  test('error: schemas that can not be used', () => {
    const reading = (schema: object) => () => fromJson(schema as JsonSchema, {})
    const writing = (schema: object) => () => toJson(schema as JsonSchema, {})
    const union = t.union([t.amount(), t.string()])
    for (const use of [reading, writing]) {
      expect(use(union)).toThrow('an amount beside another text')
      for (const name of ['__proto__', 'constructor']) {
        const schema = t.object(JSON.parse(`{"${name}":{"type":"string","format":"amount"}}`))
        expect(use(schema)).toThrow(`a property can not be named ${name}`)
      }
    }
    expect(writing({})).toThrow('neither type')
  })
})
