import { LedgerError } from '../errors.ts'
import { ask, call } from '../host/ask.ts'
import { putText, type Row, WriteRows } from './table-rows.ts'

/** A row's keys in the indexes, in their order; a row that lacks a field of one is not in it. */
type Entries = readonly (string | undefined)[]

/**
 * Rows of a table with indexes, to be read and written. The indexes are rows too, which hold the rest of the row's key. To replace
 * a row takes its keys in the indexes before: they are kept from when it was read in this call.
 */
export class IndexedRows extends WriteRows {
  override put(row: Row): void {
    const { form } = this
    const text = JSON.stringify(form.write(row))
    const key = form.key.ofRow(row)
    const before = this.#entriesOf(key)
    const entries = this.#entries(row)
    putText(key, text)
    call.indexed!.set(key, entries)
    const rest = key.slice(form.key.prefix.length)
    whole(() => {
      for (let i = 0; i < entries.length; i++) {
        const [old, entry] = [before[i], entries[i]]
        if (old === entry) continue
        if (old !== undefined) ask(`d${old}`)
        if (entry !== undefined) putText(entry, rest)
      }
    })
  }

  override delete(key: unknown): boolean {
    const text = this.form.key.ofKey(key)
    const before = this.#entriesOf(text)
    if (ask(`d${text}`) === '-') return false
    call.indexed!.set(text, [])
    whole(() => {
      for (const entry of before) if (entry !== undefined) ask(`d${entry}`)
    })
    return true
  }

  protected override load(key: string): Row | undefined {
    const row = super.load(key)
    call.indexed ??= new Map()
    call.indexed.set(key, row === undefined ? [] : this.#entries(row))
    return row
  }

  /** Of the row with a key's text. */
  #entriesOf(key: string): Entries {
    const known = call.indexed?.get(key)
    if (known !== undefined) return known
    this.load(key)
    return call.indexed!.get(key)!
  }

  #entries(row: Row): Entries {
    return this.form.indexes.map((form) =>
      form.fields.some((field) => row[field] === undefined) ? undefined : form.ofRow(row),
    )
  }
}

/** Writes that belong to one already done: if the ledger refuses one of them, the call can not succeed any more. */
function whole(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (error instanceof LedgerError) call.broken = error
    throw error
  }
}
