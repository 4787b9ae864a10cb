import { fixedLength, type JsonSchema, type JsonValue } from '../schema/json-schema.ts'
import { readPart, separator } from '../tables/key-parts.ts'
import { fieldsOfIndex } from '../tables/table-form.ts'
import type { Manifest, ManifestTable } from './manifest.ts'

/** What the key of a contract's row says. */
export interface RowKey {
  readonly table: string
  /** If the row is an entry of an index; its value is then the rest of its row's key, after the table's name and `/`. */
  readonly index: string | undefined
  /** The fields in the key, as JSON has them. */
  readonly fields: Readonly<Record<string, JsonValue>>
}

/**
 * Reads the key of a row that the kit wrote, for those who show a contract's rows.
 * @param tables - Of the contract's manifest.
 * @returns `undefined` if the kit writes no such key.
 */
export function readRowKey(tables: Manifest['tables'], key: string): RowKey | undefined {
  const slash = key.indexOf('/')
  const [name, index, ...others] = key.slice(0, Math.max(slash, 0)).split('#')
  const table = Object.hasOwn(tables, name!) ? tables[name!] : undefined
  if (slash < 0 || table === undefined || others.length > 0) return undefined
  if (index !== undefined && !Object.hasOwn(table.indexes, index)) return undefined
  const fields = index === undefined ? table.key : fieldsOfIndex(table.key, table.indexes[index]!)
  const values = readFields(table, fields, key.slice(slash + 1))
  return values && { table: name!, index, fields: values }
}

function readFields(table: ManifestTable, fields: readonly string[], text: string): RowKey['fields'] | undefined {
  const values: Record<string, JsonValue> = {}
  let rest = text
  for (const [i, field] of fields.entries()) {
    const schema = table.schema.properties![field]!
    const isLast = i === fields.length - 1
    const end = isLast ? rest.length : endOfPart(schema, rest)
    if (!isLast && rest[end] !== separator) return undefined
    values[field] = readPart(schema, rest.slice(0, end), isLast)
    rest = rest.slice(end + 1)
  }
  return values
}

function endOfPart(schema: JsonSchema, text: string): number {
  return fixedLength(schema) ?? (text.includes(separator) ? text.indexOf(separator) : text.length)
}
