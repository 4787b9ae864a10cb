import type { ProblemCode, ProblemFields } from '../errors.ts'
import { excerpt } from '../problem.ts'
import type { SimpleFormat } from '../table/notation.ts'
import { dayOfDate, dayOfDateTime } from '../values/date.ts'
import { digitsOf, parseDecimal } from '../values/decimal.ts'

export interface FormatFault {
  readonly code: ProblemCode
  readonly fields: ProblemFields
}

/**
 * The value that a text stands for. XML Schema keeps the white space of texts, patterns and codes, and drops it around
 * numbers, dates and booleans (part 2, 4.3.6): ` true` is a boolean, ` TRF` is no code.
 */
export function lexicalValue(format: SimpleFormat, text: string): string {
  const kept = format.kind === 'text' || format.kind === 'pattern' || format.kind === 'code'
  return kept ? text : text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
}

/** What is wrong with a value by the format of its component, or nothing. */
export function formatFault(format: SimpleFormat, value: string, typeName: string): FormatFault | undefined {
  switch (format.kind) {
    case 'text':
      return lengthFault(value, format.lengthMin, format.lengthMax)
    case 'pattern':
      return format.matcher.test(value) ? undefined : wrong(value, `of the form ${typeName} (${format.pattern})`)
    case 'code': {
      if (format.codes.has(value)) return undefined
      return {
        code: 'ISO20022_VALUE_CODE',
        fields: { value: excerpt(value), codes: [...format.codes].join(', ') },
      }
    }
    case 'decimal':
      return decimalFault(format, value)
    case 'boolean':
      return /^(?:true|false|1|0)$/.test(value) ? undefined : wrong(value, 'true or false')
    case 'date':
      return dayOfDate(value) === undefined ? wrong(value, 'a date (YYYY-MM-DD)') : undefined
    case 'dateTime':
      return dayOfDateTime(value) === undefined ? wrong(value, 'a date with time (YYYY-MM-DDThh:mm:ss)') : undefined
  }
}

function wrong(value: string, format: string): FormatFault {
  return { code: 'ISO20022_VALUE_FORMAT', fields: { value: excerpt(value), format } }
}

/** Lengths count characters of Unicode, not units of UTF-16. */
function lengthFault(value: string, min: number, max: number): FormatFault | undefined {
  if (value.length >= min && value.length <= max) return undefined
  const length = [...value].length
  if (length >= min && length <= max) return undefined
  return { code: 'ISO20022_VALUE_LENGTH', fields: { value: excerpt(value), length, min, max } }
}

/** Digits count in the value, not as written: zeros before and at the end of the fraction are free. */
function decimalFault(format: Extract<SimpleFormat, { kind: 'decimal' }>, value: string): FormatFault | undefined {
  const number = parseDecimal(value)
  if (!number) return wrong(value, 'a decimal number')
  const { digitsMax, fractionDigitsMax, min } = format
  if (digitsOf(number) > digitsMax || number.scale > fractionDigitsMax) {
    return wrong(value, `a number of at most ${digitsMax} digits, ${fractionDigitsMax} of them decimals`)
  }
  if (min !== undefined && number.units < min) return wrong(value, `a number from ${min}`)
  return undefined
}
