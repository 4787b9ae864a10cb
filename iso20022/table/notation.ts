/**
 * The notation of the tables: one line per component, a line that starts with white space continues the one before.
 *
 *     Name = text 1..35                 a text of 1 to 35 characters
 *     Name = pattern [A-Z]{2}           a text that the pattern matches as a whole
 *     Name = code TRF CHK               one of these words
 *     Name = decimal 18 5 min 0         total digits, fraction digits, smallest value
 *     Name = boolean | date | dateTime
 *     Name = decimal 18 5 @Ccy:Type     a value with a required attribute
 *     Name = Id:Type Nm?:Type Ustrd*:Type PmtInf+:Type AdrLine{0,7}:Type      elements in this order
 *     Name = Cd:Type | Prtry:Type       exactly one of them
 *     Name = any                        content that the message leaves open
 *
 * Names of components and elements are those of the ISO 20022 data dictionary, where a component never changes under
 * its name. So one dictionary serves all versions of a message, and a new version is a few new lines.
 */
export type SimpleFormat =
  | { readonly kind: 'text'; readonly lengthMin: number; readonly lengthMax: number }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly matcher: RegExp }
  | { readonly kind: 'code'; readonly codes: ReadonlySet<string> }
  | { readonly kind: 'decimal'; readonly digitsMax: number; readonly fractionDigitsMax: number; readonly min?: bigint }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'date' }
  | { readonly kind: 'dateTime' }

export interface ElementRule {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly type: string
}

export type TypeRule =
  | {
      readonly kind: 'value'
      readonly format: SimpleFormat
      readonly attribute?: { readonly name: string; readonly type: string }
    }
  | { readonly kind: 'sequence' | 'choice'; readonly elements: readonly ElementRule[] }
  | { readonly kind: 'any' }

const CARDINALITY: Readonly<Record<string, readonly [number, number]>> = {
  '': [1, 1],
  '?': [0, 1],
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
}

/** Reads tables in the notation above. @throws {Error} for a line it can't read, or a name defined twice. */
export function parseTables(...tables: readonly string[]): ReadonlyMap<string, TypeRule> {
  const types = new Map<string, TypeRule>()
  for (const table of tables) {
    for (const line of table.replace(/\n\s+/g, ' ').split('\n')) {
      if (line.trim() === '') continue
      const at = line.indexOf(' = ')
      const name = line.slice(0, at)
      if (at < 0 || types.has(name)) throw new Error(`table line is unreadable or defines a name twice: ${line}`)
      types.set(name, parseType(line.slice(at + 3).trim()))
    }
  }
  return types
}

function parseType(rule: string): TypeRule {
  if (rule === 'any') return { kind: 'any' }
  const simple = parseSimple(rule)
  if (simple) return simple
  const choice = rule.includes(' | ')
  const elements = rule.split(choice ? ' | ' : /\s+/).map(parseElement)
  return { kind: choice ? 'choice' : 'sequence', elements }
}

function parseElement(word: string): ElementRule {
  const match = /^(\w+?)([?*+]|\{(\d+),(\d+)\})?:(\w+)$/.exec(word)
  if (!match) throw new Error(`table element is unreadable: ${word}`)
  const [, name = '', mark = '', low, high, type = ''] = match
  const [min, max] = low === undefined ? CARDINALITY[mark]! : [Number(low), Number(high)]
  return { name, min, max, type }
}

function parseSimple(rule: string): TypeRule | undefined {
  const [withoutAttribute = '', attribute] = rule.split(' @')
  const format = parseFormat(withoutAttribute.trim())
  if (!format) return undefined
  if (attribute === undefined) return { kind: 'value', format }
  const [name = '', type = ''] = attribute.split(':')
  return { kind: 'value', format, attribute: { name, type } }
}

function parseFormat(rule: string): SimpleFormat | undefined {
  const [kind, ...rest] = rule.split(/\s+/)
  switch (kind) {
    case 'text': {
      const [low = '', high = ''] = (rest[0] ?? '').split('..')
      return { kind, lengthMin: Number(low), lengthMax: Number(high) }
    }
    case 'pattern': {
      const pattern = rest.join(' ')
      return { kind, pattern, matcher: new RegExp(`^(?:${pattern})$`, 'u') }
    }
    case 'code':
      return { kind, codes: new Set(rest) }
    case 'decimal': {
      const [digits = '', fraction = '', , min] = rest
      const limits = { kind, digitsMax: Number(digits), fractionDigitsMax: Number(fraction) } as const
      return min === undefined ? limits : { ...limits, min: BigInt(min) }
    }
    case 'boolean':
    case 'date':
    case 'dateTime':
      return { kind }
    default:
      return undefined
  }
}
