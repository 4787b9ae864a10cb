import { refuseByKit } from '../errors.ts'
import { ask } from '../host/ask.ts'
import type { JsonValue } from '../schema/json-schema.ts'
import { readRange } from './range.ts'
import type { IndexReader, Page, RangeOptions } from './table.ts'
import type { TableForm } from './table-form.ts'

export type Row = Readonly<Record<string, unknown>>
/** Which rows are read: those of this generation, or of the one before. */
export type Generation = '' | 'o'

/** A table's rows, to be read. */
export class ReadRows {
  protected readonly form: TableForm
  readonly #getVerb: string
  readonly #rangeVerb: string

  constructor(form: TableForm, generation: Generation) {
    this.form = form
    this.#getVerb = `${generation}g`
    this.#rangeVerb = `${generation}r`
  }

  get(key: unknown): Row | undefined {
    return this.load(this.form.key.ofKey(key))
  }

  range(options: RangeOptions<unknown> = {}): Page<Row> {
    const { entries, cursor } = readRange(this.#rangeVerb, this.form.key, options)
    return { rows: entries.map(([, text]) => rowOf(this.form, text)), cursor }
  }

  index(name: string): IndexReader<Row, unknown> {
    const at = this.form.indexNames.indexOf(name)
    if (at < 0) refuseByKit('KEY_INVALID', `there is no index ${name}`)
    return { range: (options = {}) => this.#indexRange(at, options) }
  }

  /** The row with a key's text. */
  protected load(key: string): Row | undefined {
    const answer = ask(this.#getVerb + key)
    return answer === '-' ? undefined : rowOf(this.form, answer.slice(1))
  }

  #indexRange(at: number, options: RangeOptions<unknown>): Page<Row> {
    const { entries, cursor } = readRange(this.#rangeVerb, this.form.indexes[at]!, options)
    const rows = entries.map(([, key]) => {
      const row = this.load(this.form.key.prefix + key)
      if (row === undefined) throw new TypeError(`${this.form.key.prefix}${key} is in an index, and not there`)
      return row
    })
    return { rows, cursor }
  }
}

/** Rows of a table without indexes, to be read and written. */
export class WriteRows extends ReadRows {
  put(row: Row): void {
    const { form } = this
    const text = JSON.stringify(form.write(row))
    putText(form.key.ofRow(row), text)
  }

  delete(key: unknown): boolean {
    return ask(`d${this.form.key.ofKey(key)}`) !== '-'
  }
}

function rowOf({ read }: TableForm, text: string): Row {
  const json = JSON.parse(text) as JsonValue
  return (read === undefined ? json : read(json)) as Row
}

export function putText(key: string, text: string): void {
  ask(`p${key.length}:${key}${text}`)
}
