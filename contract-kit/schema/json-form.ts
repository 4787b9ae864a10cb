import type { Static, TSchema } from '@sinclair/typebox'
import { compileReader } from './compile-reader.ts'
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
export function fromJson(schema: unknown, json: JsonValue): unknown {
  const read = compileReader(schema as JsonSchema)
  return read === undefined ? json : read(json)
}

/** A value whose schema is not at hand: its amounts become texts. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, amountsAsText)
}

function amountsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
