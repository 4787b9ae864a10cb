/** What JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** The keywords of spec/contracts.md §4 that mean something. */
export interface JsonSchema {
  readonly type?: string
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: false | JsonSchema
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly const?: JsonValue
  readonly enum?: readonly JsonValue[]
  readonly anyOf?: readonly JsonSchema[]
  readonly format?: string
}

export function isAmount(schema: JsonSchema): boolean {
  return schema.format === 'amount'
}

/** Of texts that are all as long as each other: ids and days. */
export function fixedLength({ format }: JsonSchema): number | undefined {
  if (format === undefined || format === 'amount') return undefined
  return format === 'date' ? 10 : 64
}

/** Whether a value of code differs from its JSON: it has an amount somewhere. */
export function hasAmount(schema: JsonSchema): boolean {
  if (isAmount(schema)) return true
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
  ]
  return inner.some(hasAmount)
}
