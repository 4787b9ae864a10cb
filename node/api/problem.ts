import { Type } from '@sinclair/typebox'
import { type ApiError, type ApiErrorCode, apiErrorRow, type FieldProblem, type ViewFailure } from './errors.ts'

/** RFC 9457. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'Where the code is documented.' }),
    title: Type.String({ description: 'What happened, the same for every problem of the code.' }),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable: branch on it.' }),
    detail: Type.String({ description: 'What happened this time.' }),
    action: Type.String({ description: 'What to do.' }),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    failure: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  },
  { description: 'Problem details (RFC 9457).' },
)

export const problemMediaType = 'application/problem+json'
/** The node's own page of all codes: a relative reference, so that it leads to where the problem came from. */
export const errorsPath = '/errors'

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ApiErrorCode
  readonly detail: string
  readonly action: string
  readonly errors?: readonly FieldProblem[]
  readonly failure?: ViewFailure
}

export function problemOf(error: Pick<ApiError, 'code' | 'message' | 'errors' | 'failure'>): Problem {
  const { httpStatus, summary, action } = apiErrorRow(error.code)
  const problem = {
    type: docsLink(error.code),
    title: summary,
    status: httpStatus,
    code: error.code,
    detail: error.message,
    action,
  }
  const { errors, failure } = error
  return { ...problem, ...(errors.length > 0 && { errors }), ...(failure !== undefined && { failure }) }
}

function docsLink(code: ApiErrorCode): string {
  return `${errorsPath}#${code.toLowerCase()}`
}
