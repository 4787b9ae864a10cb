import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { ApiError, type FieldProblem } from './errors.ts'

/** Problems of a request that are listed at once. */
const problemsMax = 16

/**
 * Compiles the schema that also stands in the OpenAPI document. Texts of the path and the query become the numbers that
 * the schema names; bodies are taken as they are.
 */
export function compileValidator(
  schema: TSchema,
  part: string,
): (value: unknown) => { value: unknown } | { error: Error } {
  const check = TypeCompiler.Compile(schema)
  const isText = part === 'querystring' || part === 'params'
  const name = part === 'querystring' ? 'query' : part
  return (input) => {
    const value = isText ? withNumbers(schema, input as Readonly<Record<string, unknown>>) : input
    if (check.Check(value)) return { value }
    const errors: FieldProblem[] = []
    for (const { path, message } of check.Errors(value)) {
      if (errors.length >= problemsMax) break
      errors.push({ pointer: `/${name}${path}`, detail: message })
    }
    const first = errors[0]
    const detail = first === undefined ? undefined : `${first.pointer}: ${first.detail}.`
    return { error: new ApiError('API_INVALID_REQUEST', detail, { errors }) }
  }
}

/** Only the one decimal form of an integer is taken for a number: `1e3` and `+1` are refused as texts. */
function withNumbers(schema: TSchema, texts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties: Readonly<Record<string, TSchema>> = schema.properties ?? {}
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const isNumber = properties[name]?.type === 'integer' && typeof text === 'string'
      return [name, isNumber && /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : text]
    }),
  )
}
