import { existsSync, readFileSync } from 'node:fs'
import { XmlDocument, XmlElement } from 'libxml2-wasm'
import type { TypeRule } from '../notation.ts'

/** The public samples beside the project, or nothing where they are missing. */
export const SAMPLES = new URL('../../../../shared/data/iso20022/', import.meta.url)
export const samplesAreMissing = !existsSync(SAMPLES)

export const SCHEMA_FILES = {
  'pain.001.001.03': 'pain001/pain001/templates/pain.001.001.03/pain.001.001.03.xsd',
  'pain.001.001.09': 'pain001/pain001/templates/pain.001.001.09/pain.001.001.09.xsd',
  'pain.002.001.11': 'moov-iso20022/docs/specifications/payments_initiation_11/pain.002.001.11.xsd',
} as const

export function readSample(path: string): Uint8Array {
  return readFileSync(new URL(path, SAMPLES))
}

/** The components of a schema, each as one line of the form that `describeRule` writes. */
export function componentsOfSchema(file: string): Map<string, string> {
  const document = XmlDocument.fromBuffer(readSample(file))
  try {
    const simple = new Map<string, string>()
    const all = new Map<string, string>()
    for (const type of childrenOf(document.root, 'simpleType')) simple.set(nameOf(type), describeSimple(type))
    for (const type of childrenOf(document.root, 'complexType')) all.set(nameOf(type), describeComplex(type, simple))
    for (const [name, line] of simple) if (!name.endsWith('_SimpleType')) all.set(name, line)
    return all
  } finally {
    document.dispose()
  }
}

/** A rule of the tables in the same form. */
export function describeRule(rule: TypeRule): string {
  if (rule.kind === 'any') return 'any'
  if (rule.kind !== 'value') {
    const elements = rule.elements.map(
      ({ name, min, max, type }) => `${name} ${min}..${max === Number.POSITIVE_INFINITY ? 'unbounded' : max} ${type}`,
    )
    return `${rule.kind}: ${elements.join(', ')}`
  }
  const { format, attribute } = rule
  const suffix = attribute ? ` @${attribute.name} ${attribute.type}` : ''
  switch (format.kind) {
    case 'text':
      return `string minLength=${format.lengthMin} maxLength=${format.lengthMax}${suffix}`
    case 'pattern':
      return `string pattern=${format.pattern}${suffix}`
    case 'code':
      return `string enumeration=${[...format.codes].sort().join('|')}${suffix}`
    case 'decimal': {
      const min = format.min === undefined ? '' : ` minInclusive=${format.min}`
      return `decimal totalDigits=${format.digitsMax} fractionDigits=${format.fractionDigitsMax}${min}${suffix}`
    }
    default:
      return format.kind + suffix
  }
}

const FACETS = ['minLength', 'maxLength', 'pattern', 'totalDigits', 'fractionDigits', 'minInclusive'] as const

function describeSimple(type: XmlElement): string {
  const [restriction] = childrenOf(type, 'restriction')
  const base = attribute(restriction!, 'base').replace('xs:', '')
  const codes = childrenOf(restriction!, 'enumeration').map((code) => attribute(code, 'value'))
  const facets = FACETS.flatMap((facet) =>
    childrenOf(restriction!, facet).map((found) => `${facet}=${simplify(attribute(found, 'value'))}`),
  )
  return [base, ...facets, ...(codes.length > 0 ? [`enumeration=${codes.sort().join('|')}`] : [])].join(' ')
}

/** The same pattern with the shorter of two equal repeat marks. */
function simplify(pattern: string): string {
  return pattern.replace(/\{(\d+),\1\}/g, '{$1}').replace(/\{0,1\}/g, '?')
}

function describeComplex(type: XmlElement, simple: ReadonlyMap<string, string>): string {
  const [content] = childrenOf(type, 'simpleContent')
  if (content) {
    const [extension] = childrenOf(content, 'extension')
    const [added] = childrenOf(extension!, 'attribute')
    return `${simple.get(attribute(extension!, 'base'))} @${nameOf(added!)} ${attribute(added!, 'type')}`
  }
  const [sequence] = childrenOf(type, 'sequence')
  const choice = childrenOf(type, 'choice')[0] ?? (sequence && childrenOf(sequence, 'choice')[0])
  if (sequence && childrenOf(sequence, 'any').length > 0) return 'any'
  const elements = childrenOf((choice ?? sequence)!, 'element').map(
    (element) =>
      `${nameOf(element)} ${attribute(element, 'minOccurs', '1')}..${attribute(element, 'maxOccurs', '1')} ` +
      attribute(element, 'type'),
  )
  return `${choice ? 'choice' : 'sequence'}: ${elements.join(', ')}`
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = []
  for (let child = element.firstChild; child; child = child.next) {
    if (child instanceof XmlElement && child.name === name) found.push(child)
  }
  return found
}

function attribute(element: XmlElement, name: string, otherwise?: string): string {
  const value = element.attr(name)?.value ?? otherwise
  if (value === undefined) throw new Error(`the schema has no ${name} on ${element.name}`)
  return value
}

const nameOf = (element: XmlElement): string => attribute(element, 'name')
