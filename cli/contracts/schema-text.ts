import type { Manifest } from '@tallystick/contract-kit'
import type { JsonValue } from '@tallystick/core/protocol'

type Schema = { readonly [name: string]: JsonValue }

const levelsShown = 3

/** A schema in few words: `{id: string, price: {asset, amount}, note?: string}`. */
export function schemaText(schema: JsonValue | undefined, level = 0): string {
  const { type, format, const: constant, enum: values, anyOf, items, additionalProperties } = asSchema(schema)
  if (constant !== undefined) return JSON.stringify(constant)
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (Array.isArray(anyOf)) return (anyOf as JsonValue[]).map((each) => schemaText(each, level)).join(' | ')
  if (type === 'array') return `${schemaText(items, level)}[]`
  if (type !== 'object') return String(format ?? type ?? 'anything')
  if (level === levelsShown) return '{…}'
  const fields = fieldsText(asSchema(schema), level + 1)
  const others = typeof additionalProperties === 'object' ? [`…: ${schemaText(additionalProperties, level + 1)}`] : []
  return `{${[...fields, ...others].join(', ')}}`
}

function fieldsText({ properties, required }: Schema, level: number): string[] {
  const needed = new Set(Array.isArray(required) ? (required as JsonValue[]) : [])
  return Object.entries(asSchema(properties)).map(([name, schema]) => {
    const text = schemaText(schema, level)
    const field = needed.has(name) ? name : `${name}?`
    return text === name ? field : `${field}: ${text}`
  })
}

function asSchema(value: JsonValue | undefined): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}

/** What a contract takes, keeps and tells, one thing a row: kind, name, form. */
export function manifestRows(manifest: Manifest): string[][] {
  const { tables, actions, views, events, schedules, on } = manifest
  const rows: [string, string, string][] = [
    ...Object.entries(tables).map(([name, { key, indexes }]): [string, string, string] => {
      const orders = Object.entries(indexes).map(([index, fields]) => `${index} (${fields.join(', ')})`)
      return ['table', name, [`key ${key.join(', ')}`, ...orders].join('; ')]
    }),
    ...Object.entries(actions).map(([name, { input, output, internal }]): [string, string, string] => {
      const given = output === undefined ? '' : ` → ${schemaText(output as JsonValue)}`
      return [
        'action',
        name,
        `${schemaText(input as JsonValue)}${given}${internal ? '  (called by triggers alone)' : ''}`,
      ]
    }),
    ...Object.entries(views).map(([name, { input, output }]): [string, string, string] => [
      'view',
      name,
      `${schemaText(input as JsonValue)} → ${schemaText(output as JsonValue | undefined)}`,
    ]),
    ...Object.entries(events).map(([name, schema]): [string, string, string] => [
      'event',
      name,
      schemaText(schema as JsonValue),
    ]),
    ...schedules.map(({ action, everyMs }): [string, string, string] => ['every', `${everyMs / 1_000} s`, action]),
    ...on.map(({ source, topic, action }): [string, string, string] => ['on', `${source}/${topic}`, action]),
  ]
  return rows.map((row, i) => (rows[i - 1]?.[0] === row[0] ? ['', ...row.slice(1)] : row))
}
