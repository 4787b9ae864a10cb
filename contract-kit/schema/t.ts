import type {
  Static,
  TArray,
  TBoolean,
  TInteger,
  TLiteral,
  TNull,
  TObject,
  TOptional,
  TProperties,
  TRecord,
  TSchema,
  TString,
  TUnion,
  TUnsafe,
} from '@sinclair/typebox'

/** For readers and forms; without effect. */
export interface SchemaNotes {
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly $id?: string
}

/** In code points. */
export interface StringLimits extends SchemaNotes {
  readonly minLength?: number
  readonly maxLength?: number
}

export interface IntegerLimits extends SchemaNotes {
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

export interface ArrayLimits extends SchemaNotes {
  readonly minItems?: number
  readonly maxItems?: number
}

/** Never in JSON, which has no symbols. */
const optional = Symbol('optional')

/** Plain JSON Schema with TypeBox's types: TypeBox's own builders would be most of a small contract. */
function schemaOf<S extends TSchema>(keywords: object, options?: object): S {
  return { ...keywords, ...options } as unknown as S
}

function isOptional(schema: TSchema): boolean {
  return optional in schema
}

/** Of a subscribed action: what the event says, and where it comes from. */
type EventInput<S extends TSchema> = TObject<{ source: TString; topic: TString; data: S; transaction: TString }>

/** Builders of the schemas that a contract may use (spec/contracts.md §4). Every object names all its properties. */
export const t = {
  /** An object of exactly these properties. */
  object: <P extends TProperties>(properties: P, notes?: SchemaNotes): TObject<P> => {
    const required = Object.keys(properties).filter((name) => !isOptional(properties[name]!))
    return schemaOf({ type: 'object', properties, ...(required.length > 0 && { required }) }, notes)
  },
  /** A property that may be missing. */
  optional: <S extends TSchema>(schema: S): TOptional<S> => schemaOf({ ...schema, [optional]: true }),
  /** An object of any names, whose values are alike. */
  record: <S extends TSchema>(values: S, notes?: SchemaNotes): TRecord<TString, S> =>
    schemaOf({ type: 'object', additionalProperties: values }, notes),
  array: <S extends TSchema>(items: S, limits?: ArrayLimits): TArray<S> => schemaOf({ type: 'array', items }, limits),
  string: (limits?: StringLimits): TString => schemaOf({ type: 'string' }, limits),
  /** Between -(2^53 - 1) and 2^53 - 1. */
  integer: (limits?: IntegerLimits): TInteger => schemaOf({ type: 'integer' }, limits),
  boolean: (notes?: SchemaNotes): TBoolean => schemaOf({ type: 'boolean' }, notes),
  null: (notes?: SchemaNotes): TNull => schemaOf({ type: 'null' }, notes),
  literal: <const V extends string | number | boolean>(value: V, notes?: SchemaNotes): TLiteral<V> =>
    schemaOf({ const: value }, notes),
  /** One of these texts. */
  enum: <const V extends readonly string[]>(values: V, notes?: SchemaNotes): TUnsafe<V[number]> =>
    schemaOf({ type: 'string', enum: values }, notes),
  /** One of these. Objects are told apart by their literals and required properties; the first that fits counts. */
  union: <const S extends readonly TSchema[]>(schemas: S, notes?: SchemaNotes): TUnion<[...S]> =>
    schemaOf({ anyOf: schemas }, notes),
  /** In the asset's smallest unit: a bigint below 2^128 in code, decimal digits in JSON. */
  amount: (notes?: SchemaNotes): TUnsafe<bigint> => schemaOf({ type: 'string', format: 'amount' }, notes),
  account: (notes?: SchemaNotes): TString => schemaOf({ type: 'string', format: 'account' }, notes),
  asset: (notes?: SchemaNotes): TString => schemaOf({ type: 'string', format: 'asset' }, notes),
  member: (notes?: SchemaNotes): TString => schemaOf({ type: 'string', format: 'member' }, notes),
  contract: (notes?: SchemaNotes): TString => schemaOf({ type: 'string', format: 'contract' }, notes),
  hash: (notes?: SchemaNotes): TString => schemaOf({ type: 'string', format: 'hash' }, notes),
  /** A real day, `YYYY-MM-DD`. */
  date: (notes?: SchemaNotes): TString => schemaOf({ type: 'string', format: 'date' }, notes),
  /** Input of an action that `on` names. @param data - Schema of the event's data. */
  eventInput: <S extends TSchema>(data: S): EventInput<S> =>
    t.object({ source: t.string({ maxLength: 64 }), topic: t.string({ maxLength: 64 }), data, transaction: t.hash() }),
}

export type { Static, TObject, TSchema }
