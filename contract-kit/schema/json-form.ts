import type { Static, TSchema } from '@sinclair/typebox'
import { compileReader, type Reader } from './compile-reader.ts'
import { compileWriter } from './compile-writer.ts'
import type { JsonSchema, JsonValue } from './json-schema.ts'

/** A value as JSON has it. @throws {Refusal} VALUE_INVALID, naming the field. */
export function toJson<S extends TSchema>(schema: S, value: Static<S>): JsonValue
export function toJson(schema: JsonSchema, value: unknown): JsonValue
export function toJson(schema: unknown, value: unknown): JsonValue {
  return compileWriter(schema as JsonSchema, 'value')(value)
}

/** A value as code has it, from JSON that is of the schema. It may change what it is given. */
export function fromJson<S extends TSchema>(schema: S, json: JsonValue): Static<S>
export function fromJson(schema: JsonSchema, json: JsonValue): unknown
export function fromJson(schema: object, json: JsonValue): unknown {
  const read = readers.get(schema) ?? compileReader(schema as JsonSchema) ?? unchanged
  readers.set(schema, read)
  return read(json)
}

/** To compile one takes as much fuel as a small call. */
const readers = new WeakMap<object, Reader>()
const unchanged: Reader = (json) => json

/** A value whose schema is not at hand: its amounts become texts. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, amountsAsText)
}

function amountsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
