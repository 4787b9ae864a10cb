import { refuseByKit } from '../errors.ts'
import { FunctionText, member } from '../schema/function-text.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { afterSeparator, type PartWriter, partWriter, separator } from './key-parts.ts'

type Values = Readonly<Record<string, unknown>>

/** The texts of the keys of a table or an index: a prefix, and its fields in order. */
export class KeyForm {
  readonly prefix: string
  readonly fields: readonly string[]
  /** Of a row, or of an object of all the fields. @throws {Refusal} KEY_INVALID */
  readonly ofRow: (row: Values) => string
  readonly #writers: readonly PartWriter[]

  /** @param what - For messages. @throws {TypeError} if a field has no order. */
  constructor(prefix: string, fields: readonly string[], schema: JsonSchema, what: string) {
    this.prefix = prefix
    this.fields = fields
    this.#writers = fields.map((field, i) => {
      const property = schema.properties?.[field]
      if (property === undefined) throw new TypeError(`${what}: there is no field ${field}`)
      return partWriter(property, `${what}.${field}`, i === fields.length - 1)
    })
    this.ofRow = compileKey(prefix, fields, this.#writers)
  }

  /** Of all the fields, or the one value. @throws {Refusal} KEY_INVALID */
  ofKey(key: unknown): string {
    if (typeof key === 'object' && key !== null) return this.ofRow(key as Values)
    if (this.fields.length > 1) refuseByKit('KEY_INVALID', `${this.prefix} has a key of ${this.fields.join(', ')}`)
    return this.prefix + this.#writers[0]!(key)
  }

  /** Leading fields: an object, or the value of the first. */
  leading(bound: unknown): Values {
    return typeof bound === 'object' && bound !== null ? (bound as Values) : { [this.fields[0]!]: bound }
  }

  /** How many leading fields there are. @throws {Refusal} KEY_INVALID if there are others. */
  countOf(values: Values): number {
    const given = Object.keys(values).filter((name) => values[name] !== undefined)
    const isLeading = this.fields.slice(0, given.length).every((field) => given.includes(field))
    if (isLeading && given.length <= this.fields.length) return given.length
    refuseByKit('KEY_INVALID', `${this.prefix} goes by ${this.fields.join(', ')}, and is asked for ${given.join(', ')}`)
  }

  /** What begins everything with these leading fields, up to the separator. @throws {Refusal} KEY_INVALID */
  ofLeading(values: Values): string {
    let text = this.prefix
    const count = this.countOf(values)
    for (let i = 0; i < count; i++) text += (i === 0 ? '' : separator) + this.#writers[i]!(values[this.fields[i]!])
    return text
  }

  /** First and one after the last text of all that has these leading fields. */
  span(values: Values): readonly [from: string, to: string] {
    const text = this.ofLeading(values)
    const count = this.countOf(values)
    if (count === 0) return [text, after(text)]
    return count === this.fields.length ? [text, next(text)] : [text + separator, text + afterSeparator]
  }
}

function compileKey(
  prefix: string,
  fields: readonly string[],
  writers: readonly PartWriter[],
): (row: Values) => string {
  const parts = fields.map((field, i) => `Part${i}(${member('value', field)})`)
  const uses = Object.fromEntries(writers.map((writer, i) => [`Part${i}`, writer]))
  const text = `${JSON.stringify(prefix)}+${parts.join(`+${JSON.stringify(separator)}+`)}`
  return new FunctionText().compile(text, uses)
}

/** The text after one in the order of keys, which have no U+0000. */
export function next(text: string): string {
  return `${text}\u0001`
}

/** What comes after all that begins with a prefix, whose last character is below U+007F. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}
