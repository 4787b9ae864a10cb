import type { RandomSource } from '../../example/random.ts'
import { namespaceOf } from '../../table/namespaces.ts'
import type { SimpleFormat } from '../../table/notation.ts'
import { documentOf, type MessageName, type TypeNode } from '../../table/schema.ts'
import { escapeXml } from '../../xml/write.ts'

/** A document as a tree that tests can change. */
export interface DocumentNode {
  name: string
  text: string
  attributes: Record<string, string>
  children: DocumentNode[]
}

/**
 * A valid document of a message, with random elements, counts and values. White space around dates and booleans is
 * left out: libxml2 refuses it, against part 2 of XML Schema (4.3.6).
 */
export function randomMessage(message: MessageName, random: RandomSource): DocumentNode {
  const root = randomNode('Document', documentOf(message), random)
  root.attributes.xmlns = namespaceOf(message)
  return root
}

export function writeDocument(node: DocumentNode): string {
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
  return `<${node.name}${attributes.join('')}>${escapeXml(node.text)}${node.children.map(writeDocument).join('')}</${node.name}>`
}

/** All nodes of a tree, the root first. */
export function allNodes(node: DocumentNode): DocumentNode[] {
  return [node, ...node.children.flatMap(allNodes)]
}

function randomNode(name: string, type: TypeNode, random: RandomSource): DocumentNode {
  const node: DocumentNode = { name, text: '', attributes: {}, children: [] }
  if (type.kind === 'any') node.children.push({ name: 'Anything', text: 'at all', attributes: {}, children: [] })
  else if (type.kind === 'value') {
    node.text = randomValue(type.name, type.format, random)
    if (type.attribute?.type.kind === 'value') {
      const { name: attribute, type: inner } = type.attribute
      node.attributes[attribute] = randomValue(inner.name, inner.format, random)
    }
  } else if (type.kind === 'choice') {
    const element = random.pick(type.elements)
    node.children.push(randomNode(element.name, element.type, random))
  } else {
    for (const { name: child, min, max, type: childType } of type.elements) {
      const wanted = random.below(4) === 0 ? 1 + random.below(Math.min(max, 3)) : 0
      for (let count = Math.max(min, wanted); count > 0; count -= 1) {
        node.children.push(randomNode(child, childType, random))
      }
    }
  }
  return node
}

const PATTERN_VALUES: Readonly<Record<string, readonly string[]>> = {
  ActiveOrHistoricCurrencyCode: ['EUR', 'JPY', 'DEM'],
  AnyBICDec2014Identifier: ['1ORDDE2X', 'ALPNAT2XXXX'],
  AnyBICIdentifier: ['NORDDE2X', 'ALPNAT2XXXX'],
  BICFIDec2014Identifier: ['1ORDDE2X', 'ALPNAT2XXXX'],
  BICIdentifier: ['NORDDE2X', 'ALPNAT2XXXX'],
  CountryCode: ['DE', 'XX'],
  Exact4AlphaNumericText: ['aB12'],
  IBAN2007Identifier: ['AT611904300234573201', 'XX00a'],
  LEIIdentifier: ['00000012345678901244'],
  Max15NumericText: ['0', '000000000000012'],
  PhoneNumber: ['+49-40(1)23-45', '+1-2'],
  UUIDv4Identifier: ['3f2504e0-4f89-41d3-9a0c-0305e82c3301'],
}

function randomValue(name: string, format: SimpleFormat, random: RandomSource): string {
  switch (format.kind) {
    case 'text':
      return random
        .pick(['x', ' ', 'Zoë & Söhne <Ltd>', '😀'.repeat(format.lengthMax), 'a'.repeat(format.lengthMax)])
        .slice(0, format.lengthMax)
    case 'pattern':
      return random.pick(PATTERN_VALUES[name]!)
    case 'code':
      return random.pick([...format.codes])
    case 'decimal': {
      const { digitsMax, fractionDigitsMax } = format
      const whole = digitsMax - fractionDigitsMax
      return random.pick([
        '0',
        '1.',
        '.0',
        `+${'9'.repeat(whole)}`,
        `${'9'.repeat(whole)}.${'9'.repeat(fractionDigitsMax)}`,
        '0001.000000000000000000',
      ])
    }
    case 'boolean':
      return random.pick(['true', 'false', '0', '1'])
    case 'date':
      return random.pick(['2026-11-21', '2024-02-29Z', '2000-02-29+14:00', '1999-12-31-05:30'])
    case 'dateTime':
      return random.pick(['2026-11-21T09:30:00', '2026-11-21T23:59:59.999999999Z', '2026-11-21T00:00:00+02:00'])
  }
}
