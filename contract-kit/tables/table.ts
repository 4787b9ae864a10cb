import type { Static, TObject } from '@sinclair/typebox'

/** Names of a table's fields. */
export type FieldOf<S extends TObject> = keyof Static<S> & string
export type Fields = readonly [string, ...string[]]
export type Indexes = Readonly<Record<string, Fields>>

/** A table: rows of one schema under one key, and other orders in which they can be read. */
export interface Table<S extends TObject = TObject, K extends Fields = Fields, X extends Indexes = Indexes> {
  readonly schema: S
  readonly key: K
  readonly indexes: X
}

export type Tables = Readonly<Record<string, Table>>

/**
 * Declares a table.
 * @param definition.key - Fields that name a row, in the order that rows sort by. None may be optional.
 * @param definition.indexes - Other orders, by name. A row that lacks a field of an index is not in it.
 * @example table({ key: ['id'], schema: t.object({ id: t.string(), dueMs: t.integer() }), indexes: { byDue: ['dueMs'] } })
 */
export function table<
  S extends TObject,
  const K extends readonly [FieldOf<S>, ...FieldOf<S>[]],
  const X extends Readonly<Record<string, readonly [FieldOf<S>, ...FieldOf<S>[]]>> = Record<never, never>,
>(definition: { readonly key: K; readonly schema: S; readonly indexes?: X }): Table<S, K, X> {
  const { key, schema, indexes } = definition
  return { key, schema, indexes: indexes ?? ({} as X) }
}

/** A row as code has it. */
export type RowOf<T> = T extends Table<infer S> ? Static<S> : never

type Field<S extends TObject, N> = N extends keyof Static<S> ? Static<S>[N] : never
/** All the fields, or the one value where there is one field. */
type KeyFields<S extends TObject, K extends Fields> =
  | { readonly [N in K[number]]: Field<S, N> }
  | (K extends readonly [infer One] ? Field<S, One> : never)
/** Leading fields, or the value of the first. */
type LeadingFields<S extends TObject, F extends Fields> =
  | { readonly [N in F[number]]?: Exclude<Field<S, N>, undefined> }
  | Exclude<Field<S, F[0]>, undefined>

/** Which row: an object of the fields of its key, or the value alone where the key is one field. */
export type KeyOf<T> = T extends Table<infer S, infer K> ? KeyFields<S, K> : never

/** Which rows, by the fields of a key or an index. A bound is an object of its leading fields, or the value of the first. */
export interface RangeOptions<B> {
  /** Those with exactly these leading fields. `from` and `to` are then objects of the fields after them. */
  readonly prefix?: B
  /** The first. */
  readonly from?: B
  /** The one that is not there any more. */
  readonly to?: B
  /** From the last one down. */
  readonly reverse?: boolean
  /** From 1 to 100, which it is if not said. Rows of more than 64 KiB together come in several pages anyway. */
  readonly limit?: number
  /** Of the page before, from the same range. */
  readonly cursor?: string | undefined
}

/** Some rows, and where to go on; without a cursor there are no more. */
export interface Page<R> {
  readonly rows: R[]
  readonly cursor: string | undefined
}

/** Rows of one index. */
export interface IndexReader<R, B> {
  range(options?: RangeOptions<B>): Page<R>
}

/** What a view may do with a table. */
export interface TableReader<T> {
  /** The row with a key. */
  get(key: KeyOf<T>): RowOf<T> | undefined
  /** Rows in the order of their keys. */
  range(options?: RangeOptions<BoundOf<T>>): Page<RowOf<T>>
  /** Rows in the order of an index. */
  index<N extends IndexNames<T>>(name: N): IndexReader<RowOf<T>, IndexBoundOf<T, N>>
}

/** What an action may do with a table. */
export interface TableWriter<T> extends TableReader<T> {
  /** Adds a row, or replaces the one with its key. @throws {Refusal} VALUE_INVALID if it is not of the schema. */
  put(row: RowOf<T>): void
  /** @returns whether there was one. */
  delete(key: KeyOf<T>): boolean
}

export type IndexNames<T> = T extends Table<TObject, Fields, infer X> ? keyof X & string : never
export type BoundOf<T> = T extends Table<infer S, infer K> ? LeadingFields<S, K> : never
export type IndexBoundOf<T, N> =
  T extends Table<infer S, Fields, infer X> ? (N extends keyof X ? LeadingFields<S, X[N]> : never) : never
