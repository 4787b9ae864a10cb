import { compileReader, type Reader } from '../schema/compile-reader.ts'
import { compileWriter, type Writer } from '../schema/compile-writer.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { KeyForm } from './key-form.ts'
import type { Table } from './table.ts'

/** A table as it is worked with. */
export interface TableForm {
  readonly key: KeyForm
  readonly indexes: readonly KeyForm[]
  readonly indexNames: readonly string[]
  readonly read: Reader | undefined
  readonly write: Writer
}

/** @throws {TypeError} if a field of a key or an index is not there or has no order. */
export function tableForm(name: string, table: Table): TableForm {
  const schema = table.schema as JsonSchema
  for (const field of table.key) {
    if (!schema.required?.includes(field))
      throw new TypeError(`${name}.${field}: a field of the key can not be missing`)
  }
  const indexNames = Object.keys(table.indexes)
  return {
    key: new KeyForm(tablePrefix(name), table.key, schema, name),
    indexes: indexNames.map((index) => indexForm(name, index, table)),
    indexNames,
    read: compileReader(schema),
    write: compileWriter(schema, name),
  }
}

function indexForm(name: string, index: string, table: Table): KeyForm {
  const fields = fieldsOfIndex(table.key, table.indexes[index]!)
  return new KeyForm(tablePrefix(`${name}#${index}`), fields, table.schema as JsonSchema, `${name}.${index}`)
}

/** Those of the index, then what they lack of the key, so that no two rows have one entry. */
export function fieldsOfIndex(key: readonly string[], index: readonly string[]): readonly string[] {
  return [...index, ...key.filter((field) => !index.includes(field))]
}

/** Names have neither `#` nor `/`. */
export function tablePrefix(name: string): string {
  return `${name}/`
}
