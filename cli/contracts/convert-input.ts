import type { JsonValue } from '@tallystick/core/protocol'
import { compileSchema } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import { parseMinor } from '../output/amount.ts'

/** What names of people stand for: 64 hexadecimal digits each. */
export interface Names {
  /** An address, or an account of the address book. @throws {CliError} ACCOUNT_UNKNOWN */
  account(text: string): Promise<string>
  /** A code. @throws {CliError} ASSET_UNKNOWN */
  asset(text: string): Promise<{ readonly id: string; readonly decimals: number }>
  /** A short name or identifier. @throws {CliError} MEMBER_UNKNOWN */
  member(text: string): Promise<string>
  /** A name. @throws {CliError} CONTRACT_UNKNOWN */
  contract(text: string): Promise<string>
}

type Json = { readonly [name: string]: JsonValue }

/** `12.50 EUR`: a decimal amount with its unit. */
const amountWithUnit = /^(\d[\d.]*) +(\S+)$/
const idForm = /^[0-9a-f]{64}$/

/**
 * Turns what people write into what a contract takes: where the schema wants the id of an account, asset, member or contract, its
 * name may stand, and where it wants an amount, `12.50 EUR` may; all else stays. Then it is checked as the ledger will.
 * @throws {CliError} CONTRACT_INPUT_INVALID, or that of a name that is not known; the message begins with the field.
 */
export async function convertInput(schema: JsonValue, value: JsonValue, names: Names): Promise<JsonValue> {
  const converted = await new Conversion(names).value(schema, value, 'input')
  const problem = compileSchema(schema)(converted, 'input')
  if (problem !== undefined) throw new CliError('CONTRACT_INPUT_INVALID', problem)
  return converted
}

class Conversion {
  readonly #names: Names

  constructor(names: Names) {
    this.#names = names
  }

  async value(schema: JsonValue, value: JsonValue, path: string): Promise<JsonValue> {
    const { format, anyOf, items } = asObject(schema) ?? {}
    if (Array.isArray(anyOf)) return this.#choice(anyOf as JsonValue[], value, path)
    if (typeof value === 'string') return this.#text(format, value, path)
    if (Array.isArray(value)) {
      const elements = value as readonly JsonValue[]
      return Promise.all(elements.map((each, i) => this.value(items ?? null, each, `${path}[${i}]`)))
    }
    const fields = asObject(value)
    return fields === undefined ? value : this.#object(asObject(schema) ?? {}, fields, path)
  }

  async #object({ properties, additionalProperties }: Json, fields: Json, path: string): Promise<JsonValue> {
    const known = asObject(properties) ?? {}
    const schemaOf = (name: string): JsonValue =>
      (Object.hasOwn(known, name) ? known[name] : additionalProperties) ?? null
    const entries: [string, JsonValue][] = []
    for (const [name, value] of Object.entries(fields)) {
      entries.push([name, await this.value(schemaOf(name), value, `${path}.${name}`)])
    }
    const converted: Json = Object.fromEntries(entries)
    await this.#expectOneAsset(known, fields, converted, path)
    return converted
  }

  /** An amount in one asset beside the name of another is a mistake that no schema finds. */
  async #expectOneAsset(schemas: Json, given: Json, converted: Json, path: string): Promise<void> {
    const named = (format: string): string[] =>
      Object.keys(given).filter((name) => Object.hasOwn(schemas, name) && asObject(schemas[name])?.format === format)
    const assets = named('asset')
    if (assets.length === 0) return
    for (const name of named('amount')) {
      const unit = amountWithUnit.exec(String(given[name]))?.[2]
      if (unit === undefined) continue
      const { id } = await this.#names.asset(unit)
      if (assets.some((asset) => converted[asset] === id)) continue
      const beside = assets.map((asset) => `${asset} ${String(given[asset])}`).join(', ')
      throw new CliError('CONTRACT_INPUT_INVALID', `${path}.${name}: in ${unit}, but beside it stands ${beside}`)
    }
  }

  /** The first choice that fits. */
  async #choice(schemas: readonly JsonValue[], value: JsonValue, path: string): Promise<JsonValue> {
    let reason: unknown
    for (const schema of schemas) {
      try {
        const converted = await this.value(schema, value, path)
        if (compileSchema(schema)(converted, path) === undefined) return converted
      } catch (error) {
        if (!(error instanceof CliError)) throw error
        reason ??= error
      }
    }
    if (reason !== undefined) throw reason
    return value
  }

  async #text(format: JsonValue | undefined, text: string, path: string): Promise<string> {
    try {
      switch (format) {
        case 'amount':
          return await this.#amount(text)
        case 'account':
        case 'member':
        case 'contract':
          return idForm.test(text) ? text : await this.#names[format](text)
        case 'asset':
          return idForm.test(text) ? text : (await this.#names.asset(text)).id
        default:
          return text
      }
    } catch (error) {
      if (error instanceof CliError) throw new CliError(error.code, `${path}: ${error.message}`, error.fields)
      throw error
    }
  }

  async #amount(text: string): Promise<string> {
    const [, digits, unit] = amountWithUnit.exec(text) ?? []
    if (digits === undefined || unit === undefined) return text
    return String(parseMinor(digits, (await this.#names.asset(unit)).decimals))
  }
}

function asObject(value: JsonValue | undefined): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}
