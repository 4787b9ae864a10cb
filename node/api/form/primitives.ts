import { type TProperties, type TSchema, Type } from '@sinclair/typebox'

const safe = Number.MAX_SAFE_INTEGER

export const hex32 = Type.String({ pattern: '^[0-9a-f]{64}$', description: '32 bytes, lower-case hexadecimal.' })
export const hex = Type.String({ pattern: '^([0-9a-f]{2})*$', description: 'Bytes, lower-case hexadecimal.' })
export const accountText = Type.String({
  minLength: 8,
  maxLength: 128,
  description: 'An address (bech32m), or the 64 hexadecimal digits of the account.',
})
export const address = Type.String({ description: 'Bech32m; starts with `tally1` or `tallytest1`.' })
export const amount = Type.String({ pattern: '^(0|[1-9][0-9]{0,38})$', description: 'Minor units, in decimal.' })
export const height = Type.Integer({ minimum: 0, maximum: safe })
export const count = Type.Integer({ minimum: 0, maximum: safe })
export const u32 = Type.Integer({ minimum: 0, maximum: 0xffff_ffff })
export const timeMs = Type.Integer({ minimum: 0, maximum: safe, description: 'Unix milliseconds.' })
export const businessDay = Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: 'Days since 1970-01-01.' })

/** An object without other fields: a misspelt name is refused. */
export const closed = <T extends TProperties>(fields: T, description?: string) =>
  Type.Object(fields, { additionalProperties: false, ...(description === undefined ? {} : { description }) })

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const names = <const N extends string>(values: readonly N[], description?: string) =>
  Type.Union(
    values.map((value) => Type.Literal(value)),
    description === undefined ? {} : { description },
  ) as unknown as ReturnType<typeof Type.Unsafe<N>>

/** A protocol value whose JSON form is that of its codec, and is checked by it. */
export const canonical = (name: string) =>
  Type.Object({}, { additionalProperties: true, description: `The canonical JSON form of ${name} (spec/encoding.md).` })

export const octets = (description: string) => Type.Any({ contentMediaType: 'application/octet-stream', description })
