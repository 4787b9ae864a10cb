import fc from 'fast-check'
import type { JsonSchema } from '../schema/json-schema.ts'

/** Values to choose from, by a schema's format, or `string` for texts without one. */
export type Pools = Readonly<Record<string, readonly string[]>>

export interface ValueTerms {
  readonly pools: Pools
  readonly amountMax: bigint
  /** Whole numbers without bounds are small, or near this time. */
  readonly timeMs: number
}

type Json = fc.JsonValue

const smallMax = 100
const nearMs = 90 * 86_400_000
const textMax = 12
const itemsMax = 4
const noHash = '0'.repeat(64)

/** Values, as JSON has them, that a schema allows. */
export function arbitraryOf(schema: JsonSchema, terms: ValueTerms): fc.Arbitrary<Json> {
  const { const: constant, enum: values, anyOf, type } = schema
  if (constant !== undefined) return fc.constant(constant as Json)
  if (values !== undefined) return fc.constantFrom(...(values as Json[]))
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((each) => arbitraryOf(each, terms)))
  switch (type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return integerOf(schema, terms)
    case 'string':
      return stringOf(schema, terms)
    case 'array':
      return fc.array(arbitraryOf(schema.items!, terms), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? itemsMax, (schema.minItems ?? 0) + itemsMax),
      })
    case 'object':
      return objectOf(schema, terms)
    default:
      return fc.constant(null)
  }
}

function integerOf(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema,
  { timeMs }: ValueTerms,
): fc.Arbitrary<Json> {
  const min = minimum ?? (exclusiveMinimum === undefined ? -smallMax : exclusiveMinimum + 1)
  const max = maximum ?? (exclusiveMaximum === undefined ? undefined : exclusiveMaximum - 1)
  if (max !== undefined) return fc.integer({ min: Math.min(min, max), max })
  return fc.oneof(
    fc.integer({ min, max: min + 2 * smallMax }),
    fc.integer({ min: Math.max(min, timeMs), max: Math.max(min, timeMs + nearMs) }),
  )
}

function stringOf(
  { format, minLength = 0, maxLength }: JsonSchema,
  { pools, amountMax }: ValueTerms,
): fc.Arbitrary<Json> {
  const pool = pools[format ?? 'string']
  if (pool !== undefined && pool.length > 0) return fc.constantFrom(...pool)
  if (format === 'amount') return fc.oneof(fc.bigInt(0n, 10n), fc.bigInt(0n, amountMax)).map(String)
  if (format === 'date')
    return fc.integer({ min: 20_454, max: 20_819 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10))
  if (format !== undefined) return fc.constant(noHash)
  return fc.string({ minLength, maxLength: Math.min(maxLength ?? textMax, minLength + textMax), unit: 'grapheme' })
}

function objectOf(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  terms: ValueTerms,
): fc.Arbitrary<Json> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema, terms)]),
  )
  const known = fc.record(fields, { requiredKeys: [...required] }) as fc.Arbitrary<Record<string, Json>>
  if (additionalProperties === undefined || additionalProperties === false) return known as fc.Arbitrary<Json>
  const others = fc.dictionary(
    fc.string({ minLength: 1, maxLength: textMax }),
    arbitraryOf(additionalProperties, terms),
    { maxKeys: itemsMax },
  )
  return fc.tuple(known, others).map(([own, more]) => ({ ...more, ...own })) as fc.Arbitrary<Json>
}
