import { fromHex } from '../../codec/index.ts'
import { isAmount, type JsonValue, parseJson } from '../../protocol/index.ts'

/** A question of a contract that has not the right form. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError'
}

/** Reads the fields of an argument that a contract gives as JSON. Every method @throws {QuestionError} naming the field. */
export class JsonFields {
  readonly #fields: { readonly [name: string]: JsonValue }

  private constructor(fields: { readonly [name: string]: JsonValue }) {
    this.#fields = fields
  }

  static parse(text: string): JsonFields {
    const value = parseJson(text)
    if (value === undefined) throw new QuestionError('the argument is not JSON of at most 64 levels')
    return JsonFields.of(value, 'the argument')
  }

  static of(value: JsonValue, what: string): JsonFields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new QuestionError(`${what} is not an object`)
    return new JsonFields(value as { readonly [name: string]: JsonValue })
  }

  value(name: string): JsonValue | undefined {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined
  }

  text(name: string): string {
    const value = this.value(name)
    if (typeof value !== 'string') throw new QuestionError(`${name} is not a text`)
    return value
  }

  optionalText(name: string): string | undefined {
    return this.value(name) === undefined ? undefined : this.text(name)
  }

  count(name: string): number {
    const value = this.value(name)
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw new QuestionError(`${name} is not a whole number from 0 on`)
    }
    return value
  }

  optionalCount(name: string): number | undefined {
    return this.value(name) === undefined ? undefined : this.count(name)
  }

  /** An id of 32 bytes. */
  id<Id extends Uint8Array>(name: string): Id {
    const value = this.text(name)
    if (!/^[0-9a-f]{64}$/.test(value)) throw new QuestionError(`${name} is not an id`)
    return fromHex(value) as Id
  }

  /** Above zero. */
  amount(name: string): bigint {
    const value = this.text(name)
    if (!isAmount(value) || value === '0') throw new QuestionError(`${name} is not an amount above zero`)
    return BigInt(value)
  }

  list(name: string, max: number): readonly JsonFields[] {
    const value = this.value(name) ?? []
    if (!Array.isArray(value) || value.length > max) throw new QuestionError(`${name} is not a list of at most ${max}`)
    return (value as readonly JsonValue[]).map((each) => JsonFields.of(each, `an element of ${name}`))
  }
}
