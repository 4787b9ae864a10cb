import { member } from './function-text.ts'
import { isAmount, type JsonSchema } from './json-schema.ts'

/**
 * An expression that tells whether a value is one of a choice's, as far as that takes to tell the choices of a union apart: its
 * type, and for an object its literals and required properties.
 * @param form - `code`, where an amount is a bigint, or `json`.
 */
export function choiceTest(schema: JsonSchema, value: string, form: 'code' | 'json'): string {
  const { type, enum: values, anyOf } = schema
  if (schema.const !== undefined) return `${value}===${JSON.stringify(schema.const)}`
  if (values !== undefined) return `${JSON.stringify(values)}.includes(${value})`
  if (anyOf !== undefined) return `(${anyOf.map((choice) => choiceTest(choice, value, form)).join('||')})`
  if (isAmount(schema) && form === 'code') return `typeof ${value}==='bigint'`
  if (type === 'null') return `${value}===null`
  if (type === 'array') return `Array.isArray(${value})`
  if (type === 'object') return objectTest(schema, value)
  return `typeof ${value}==='${type === 'integer' ? 'number' : type}'`
}

function objectTest({ properties = {}, required = [] }: JsonSchema, value: string): string {
  const tests = required.map((name) => {
    const constant = properties[name]?.const
    const property = member(value, name)
    return constant === undefined ? `${property}!==undefined` : `${property}===${JSON.stringify(constant)}`
  })
  return [`typeof ${value}==='object'`, `${value}!==null`, `!Array.isArray(${value})`, ...tests].join('&&')
}

/** @throws {TypeError} for a union that holds an amount beside another text: JSON would not tell them apart. */
export function checkChoices(choices: readonly JsonSchema[]): void {
  const isText = (choice: JsonSchema): boolean =>
    choice.type === 'string' || typeof choice.const === 'string' || (choice.anyOf ?? []).some(isText)
  if (choices.some(isAmount) && choices.filter(isText).length > 1) {
    throw new TypeError('a union can not hold an amount beside another text: put them into objects')
  }
}
