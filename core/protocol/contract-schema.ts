import { byteLength } from './text-bytes.ts'

/** What JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** Where a value differs from its schema, and how. @example `lines[2].amount: not an amount` */
export type SchemaProblem = string

/** Checks a value. @returns the first problem. */
export type SchemaCheck = (value: JsonValue, path: string) => SchemaProblem | undefined

/** A schema that uses what is not allowed (spec/contracts.md §4). */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
}

const nodesMax = 1_024
const levelsMax = 16
const workMax = 100_000
const schemaBytesMax = 65_536
const withoutEffect: ReadonlySet<string> = new Set(['title', 'description', 'examples', 'default', '$id'])
const u128Digits = 39
const u128Max = 2n ** 128n

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  amount: isAmount,
  account: isHash,
  asset: isHash,
  member: isHash,
  contract: isHash,
  hash: isHash,
  date: isDate,
}

/**
 * Makes a check of a schema. Every node of the network runs it on what strangers send, so it uses no regular expressions, and
 * its work is bounded by the sizes of schema and value.
 * @throws {SchemaError}
 */
export function compileSchema(schema: JsonValue): SchemaCheck {
  if (byteLength(JSON.stringify(schema)) > schemaBytesMax) throw new SchemaError('the schema is longer than 64 KiB')
  return new SchemaCompiler().whole(schema)
}

type JsonObject = { readonly [name: string]: JsonValue }

class SchemaCompiler {
  #nodes = 0
  /** Schemas that the value under check was held against so far. */
  #work = 0

  whole(schema: JsonValue): SchemaCheck {
    const check = this.compile(schema, 'schema', 0)
    return (value, path) => {
      this.#work = 0
      return check(value, path)
    }
  }

  compile(schema: JsonValue, at: string, level: number): SchemaCheck {
    if (++this.#nodes > nodesMax) throw new SchemaError(`more than ${nodesMax} schemas`)
    if (level > levelsMax) throw new SchemaError(`${at}: deeper than ${levelsMax} levels`)
    if (!isObject(schema)) throw new SchemaError(`${at}: not an object`)
    const known = new Set<string>(withoutEffect)
    const take = (name: string): JsonValue | undefined => {
      known.add(name)
      return Object.hasOwn(schema, name) ? schema[name] : undefined
    }
    const checks: SchemaCheck[] = []
    const constant = take('const')
    if (constant !== undefined) checks.push(oneOf([scalar(constant, `${at}.const`)]))
    const values = take('enum')
    if (values !== undefined)
      checks.push(oneOf(listOf(values, `${at}.enum`).map((value) => scalar(value, `${at}.enum`))))
    const anyOf = take('anyOf')
    if (anyOf !== undefined) checks.push(this.#anyOf(anyOf, at, level))
    const type = take('type')
    if (type !== undefined) checks.push(this.#typed(type, take, at, level))
    if (checks.length === 0) throw new SchemaError(`${at}: neither type, const, enum nor anyOf`)
    for (const name of Object.keys(schema))
      if (!known.has(name)) throw new SchemaError(`${at}: "${name}" is not allowed`)
    return (value, path) => {
      if (++this.#work > workMax) return `${path}: takes too long to check`
      for (const check of checks) {
        const problem = check(value, path)
        if (problem !== undefined) return problem
      }
      return undefined
    }
  }

  #anyOf(schemas: JsonValue, at: string, level: number): SchemaCheck {
    const choices = listOf(schemas, `${at}.anyOf`).map((each, i) => this.compile(each, `${at}.anyOf[${i}]`, level + 1))
    return (value, path) =>
      choices.some((check) => check(value, path) === undefined) ? undefined : `${path}: none of the choices fits`
  }

  #typed(type: JsonValue, take: (name: string) => JsonValue | undefined, at: string, level: number): SchemaCheck {
    const count = (name: string): number | undefined => integer(take(name), `${at}.${name}`)
    switch (type) {
      case 'null':
        return (value, path) => (value === null ? undefined : `${path}: not null`)
      case 'boolean':
        return (value, path) => (typeof value === 'boolean' ? undefined : `${path}: not true or false`)
      case 'integer':
        return integers(count('minimum'), count('maximum'), count('exclusiveMinimum'), count('exclusiveMaximum'))
      case 'string':
        return strings(
          count('minLength') ?? 0,
          count('maxLength') ?? Number.MAX_SAFE_INTEGER,
          formatOf(take('format'), at),
        )
      case 'array': {
        const items = this.compile(take('items') ?? null, `${at}.items`, level + 1)
        return arrays(items, count('minItems') ?? 0, count('maxItems') ?? Number.MAX_SAFE_INTEGER)
      }
      case 'object':
        return this.#object(take, at, level)
      default:
        throw new SchemaError(`${at}.type: ${JSON.stringify(type)} is not allowed`)
    }
  }

  #object(take: (name: string) => JsonValue | undefined, at: string, level: number): SchemaCheck {
    const properties = new Map<string, SchemaCheck>()
    const declared = take('properties') ?? {}
    if (!isObject(declared)) throw new SchemaError(`${at}.properties: not an object`)
    for (const [name, schema] of Object.entries(declared)) {
      properties.set(name, this.compile(schema, `${at}.${name}`, level + 1))
    }
    const required = listOf(take('required') ?? [], `${at}.required`).map((name) => {
      if (typeof name !== 'string' || !properties.has(name)) throw new SchemaError(`${at}.required: ${String(name)}`)
      return name
    })
    const others = take('additionalProperties') ?? false
    if (others === true) throw new SchemaError(`${at}.additionalProperties: true is not allowed`)
    return objects(properties, required, others === false ? undefined : this.compile(others, `${at}.*`, level + 1))
  }
}

function objects(
  properties: ReadonlyMap<string, SchemaCheck>,
  required: readonly string[],
  others: SchemaCheck | undefined,
): SchemaCheck {
  return (value, path) => {
    if (!isObject(value)) return `${path}: not an object`
    for (const name of required) if (!Object.hasOwn(value, name)) return `${path}.${name}: missing`
    for (const name of Object.keys(value)) {
      const check = properties.get(name) ?? others
      if (check === undefined) return `${path}.${name.slice(0, 64)}: not known`
      const problem = check(value[name]!, `${path}.${name.slice(0, 64)}`)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}

function arrays(items: SchemaCheck, min: number, max: number): SchemaCheck {
  return (value, path) => {
    if (!Array.isArray(value)) return `${path}: not a list`
    if (value.length < min || value.length > max) return `${path}: ${value.length} elements`
    for (let i = 0; i < value.length; i++) {
      const problem = items(value[i] as JsonValue, `${path}[${i}]`)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}

function integers(min = -Infinity, max = Infinity, above = -Infinity, below = Infinity): SchemaCheck {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return `${path}: not a whole number`
    if (Object.is(value, -0)) return `${path}: minus zero`
    return value >= min && value <= max && value > above && value < below
      ? undefined
      : `${path}: ${value} is out of range`
  }
}

function strings(
  min: number,
  max: number,
  format: { name: string; fits: (text: string) => boolean } | undefined,
): SchemaCheck {
  return (value, path) => {
    if (typeof value !== 'string') return `${path}: not a text`
    // Code points are never more than units, nor fewer than half of them.
    if (value.length < min || value.length > 2 * max) return `${path}: ${value.length} characters`
    const length = codePoints(value)
    if (length === undefined) return `${path}: half a character`
    if (length < min || length > max) return `${path}: ${length} characters`
    return format === undefined || format.fits(value) ? undefined : `${path}: not of the form "${format.name}"`
  }
}

function oneOf(values: readonly JsonValue[]): SchemaCheck {
  const wanted = values.map((value) => JSON.stringify(value)).join(', ')
  return (value, path) => (values.includes(value) ? undefined : `${path}: not one of ${wanted.slice(0, 200)}`)
}

function scalar(value: JsonValue, at: string): JsonValue {
  if (typeof value === 'object' && value !== null) throw new SchemaError(`${at}: not a plain value`)
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new SchemaError(`${at}: not a whole number`)
  return value
}

function listOf(value: JsonValue, at: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new SchemaError(`${at}: not a list`)
  return value as readonly JsonValue[]
}

function integer(value: JsonValue | undefined, at: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new SchemaError(`${at}: not a whole number`)
  return value
}

function formatOf(value: JsonValue | undefined, at: string) {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !Object.hasOwn(formats, value)) throw new SchemaError(`${at}.format: not known`)
  return { name: value, fits: formats[value]! }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `undefined` if a surrogate stands alone. */
function codePoints(text: string): number | undefined {
  let points = 0
  for (let i = 0; i < text.length; i++) {
    const high = text.charCodeAt(i) & 0xfc00
    if (high === 0xdc00) return undefined
    if (high === 0xd800 && (text.charCodeAt(++i) & 0xfc00) !== 0xdc00) return undefined
    points++
  }
  return points
}

/** Whole, without sign or leading zeros, below 2^128. */
export function isAmount(text: string): boolean {
  if (text.length === 0 || text.length > u128Digits) return false
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false
  if (text.length > 1 && text.charCodeAt(0) === 48) return false
  return text.length < u128Digits || BigInt(text) < u128Max
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isHash(text: string): boolean {
  if (text.length !== 64) return false
  for (let i = 0; i < 64; i++) {
    const code = text.charCodeAt(i)
    if (!isDigit(code) && !(code >= 97 && code <= 102)) return false
  }
  return true
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDate(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false
  for (const at of [0, 1, 2, 3, 5, 6, 8, 9]) if (!isDigit(text.charCodeAt(at))) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8, 10))
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && isLeap ? 29 : daysOfMonth[month - 1]
  return days !== undefined && day >= 1 && day <= days
}
