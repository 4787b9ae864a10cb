import { messageOf, PROBLEMS, type ProblemCode, type ProblemFields } from './errors.ts'

/** A place in the file: line and column count from 1, a column in characters. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Which payment a problem belongs to; without `paymentInformationOrdinal` it is the file as a whole. */
export interface PaymentPlace {
  /** Place of the payment information in the file, from 1. */
  readonly paymentInformationOrdinal?: number
  readonly paymentInformationId?: string
  /** Place of the payment in the file, from 1. */
  readonly ordinal?: number
  readonly instructionId?: string
  readonly endToEndId?: string
}

export interface Problem extends Position, PaymentPlace {
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning'
  /** Names of the elements from `Document` on, with their number where several may stand: `PmtInf[2]`. */
  readonly path: string
  readonly message: string
  readonly fields: ProblemFields
}

export function makeProblem(
  code: ProblemCode,
  at: Position & { readonly path: string },
  fields: ProblemFields,
  place: PaymentPlace = {},
): Problem {
  const { line, column, path } = at
  const { severity } = PROBLEMS[code]
  return { code, severity, line, column, path, ...place, message: messageOf(code, fields), fields }
}

/** A problem after which nothing more can be read. */
export class UnreadableError extends Error {
  readonly code: ProblemCode
  readonly fields: ProblemFields
  readonly at: Position | undefined
  constructor(code: ProblemCode, fields: ProblemFields = {}, at?: Position) {
    super(messageOf(code, fields))
    this.name = 'UnreadableError'
    this.code = code
    this.fields = fields
    this.at = at
  }
}

/** Shows a value from a file in a message: on one line, cut where it is long. */
export function excerpt(value: string): string {
  const line = value.replace(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
