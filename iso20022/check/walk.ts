import type { ProblemCode, ProblemFields } from '../errors.ts'
import { excerpt, type Position, UnreadableError } from '../problem.ts'
import type { TypeNode } from '../table/schema.ts'
import type { XmlAttribute, XmlHandler } from '../xml/parse.ts'
import { formatFault, lexicalValue } from './format.ts'
import { type MessageNode, pathOf } from './node.ts'

/** What a walk tells. A node is closed after all that is in it, and may then be taken out of its parent. */
export interface WalkListener {
  opened?(node: MessageNode): void
  closed?(node: MessageNode): void
  problem(code: ProblemCode, at: Position & { readonly path: string }, fields: ProblemFields): void
}

/** The longest value of any component has 2,048 characters, each of up to two units. */
const VALUE_CHARS_MAX = 8192
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'
const PLACEHOLDER = /\{\{.*?\}\}|\{%.*?%\}|\$\{.*?\}/s

interface Frame {
  readonly node: MessageNode
  readonly counts: number[]
  last: number
  length: number
}

/**
 * Compares a document with the table of its message: elements, their order and number, choices, attributes, formats.
 * All deviations are told, and reading goes on behind each. Elements and attributes of other namespaces are skipped.
 *
 * The listener gets the nodes of the message; it must take large ones out of the tree when they close.
 */
export function createWalk(document: TypeNode, namespace: string, listener: WalkListener): XmlHandler {
  const frames: Frame[] = []
  let skipping = 0

  const tell = (code: ProblemCode, node: MessageNode, fields: ProblemFields) =>
    listener.problem(code, { line: node.line, column: node.column, path: pathOf(node) }, fields)

  const enter = (name: string, type: TypeNode, parent: MessageNode | undefined, occurrence: number, at: Position) => {
    const attributes = new Map<string, string>()
    const { line, column } = at
    const node = { name, type, parent, occurrence, attributes, children: [], value: '', isValid: true, line, column }
    const elements = type.kind === 'sequence' || type.kind === 'choice' ? type.elements.length : 0
    frames.push({ node, counts: new Array<number>(elements).fill(0), last: 0, length: 0 })
    return node
  }

  const readAttributes = (node: MessageNode, attributes: readonly XmlAttribute[]) => {
    const expected = node.type.kind === 'value' ? node.type.attribute : undefined
    for (const { name, namespace: uri, value } of attributes) {
      if (uri === SCHEMA_INSTANCE && (name === 'schemaLocation' || name === 'noNamespaceSchemaLocation')) continue
      if (uri !== '' && uri !== SCHEMA_INSTANCE) continue
      if (uri === '' && name === expected?.name) node.attributes.set(name, value)
      else tell('ISO20022_ATTRIBUTE_UNKNOWN', node, { attribute: excerpt(name), element: node.name })
    }
    if (!expected) return
    const value = node.attributes.get(expected.name)
    if (value === undefined) {
      node.isValid = false
      tell('ISO20022_ATTRIBUTE_MISSING', node, { attribute: expected.name, element: node.name })
    } else checkValue(node, expected.type, value)
  }

  const checkValue = (node: MessageNode, type: TypeNode, value: string) => {
    if (type.kind !== 'value') return
    const fault = formatFault(type.format, value, type.name)
    if (!fault) return
    refuseTemplate(value, node)
    node.isValid = false
    tell(fault.code, node, fault.fields)
  }

  const openChild = (frame: Frame, name: string, attributes: readonly XmlAttribute[], at: Position) => {
    const { type } = frame.node
    const position = type.kind === 'sequence' || type.kind === 'choice' ? type.positions.get(name) : undefined
    if ((type.kind !== 'sequence' && type.kind !== 'choice') || position === undefined) {
      const path = `${pathOf(frame.node)}/${excerpt(name)}`
      listener.problem('ISO20022_ELEMENT_UNKNOWN', { ...at, path }, { element: excerpt(name), parent: frame.node.name })
      skipping = 1
      return
    }
    const rule = type.elements[position]!
    const count = frame.counts[position]! + 1
    frame.counts[position] = count
    const node = enter(name, rule.type, frame.node, rule.max > 1 ? count : 0, at)
    frame.node.children.push(node)
    if (count === rule.max + 1 && type.kind === 'sequence') {
      tell('ISO20022_ELEMENT_REPEATED', node, { element: name, parent: frame.node.name, max: rule.max })
    } else if (type.kind === 'sequence' && position < frame.last) {
      const after = type.elements[frame.last]!.name
      tell('ISO20022_ELEMENT_ORDER', node, { element: name, parent: frame.node.name, after })
    }
    frame.last = Math.max(frame.last, position)
    readAttributes(node, attributes)
    listener.opened?.(node)
  }

  const close = ({ node, counts, length }: Frame) => {
    const { type } = node
    if (type.kind === 'value') {
      node.value = lexicalValue(type.format, node.value)
      if (length > VALUE_CHARS_MAX) {
        node.isValid = false
        const fields = { value: excerpt(node.value), length, min: 0, max: VALUE_CHARS_MAX }
        tell('ISO20022_VALUE_LENGTH', node, fields)
      } else checkValue(node, type, node.value)
    } else if (type.kind === 'choice') {
      if (counts.reduce((sum, count) => sum + count, 0) !== 1) {
        const elements = type.elements.map(({ name }) => `<${name}>`).join(', ')
        tell('ISO20022_CHOICE', node, { parent: node.name, elements })
      }
    } else if (type.kind === 'sequence') {
      type.elements.forEach((rule, index) => {
        if (counts[index]! >= rule.min) return
        const at = { line: node.line, column: node.column, path: `${pathOf(node)}/${rule.name}` }
        listener.problem('ISO20022_ELEMENT_MISSING', at, { element: rule.name, parent: node.name })
      })
    }
    listener.closed?.(node)
  }

  return {
    open(name, uri, attributes, at) {
      const frame = frames.at(-1)
      if (skipping > 0) skipping += 1
      else if (!frame) {
        if (name !== 'Document' || uri !== namespace) {
          throw new UnreadableError('ISO20022_ROOT_UNKNOWN', { element: excerpt(name), namespace: excerpt(uri) }, at)
        }
        readAttributes(enter(name, document, undefined, 0, at), attributes)
      } else if (frame.node.type.kind === 'any') skipping = 1
      else if (uri !== namespace) {
        const path = `${pathOf(frame.node)}/${excerpt(name)}`
        const fields = { element: excerpt(name), namespace: excerpt(uri) }
        listener.problem('ISO20022_EXTENSION_SKIPPED', { ...at, path }, fields)
        skipping = 1
      } else openChild(frame, name, attributes, at)
    },
    text(text) {
      const frame = frames.at(-1)
      if (skipping > 0 || !frame || frame.node.type.kind === 'any') return
      const { node } = frame
      if (node.type.kind === 'value') {
        frame.length += text.length
        if (frame.length <= VALUE_CHARS_MAX) node.value += text
      } else if (/[^\t\n\r ]/.test(text)) {
        refuseTemplate(text, node)
        tell('ISO20022_TEXT_UNEXPECTED', node, { element: node.name })
      }
    },
    close() {
      if (skipping > 0) skipping -= 1
      else if (frames.length > 0) close(frames.pop()!)
    },
  }
}

/**
 * Refuses a template of a file. Where a placeholder breaks the format of its element the whole file is one, and to list
 * every other such element would hide it.
 */
export function refuseTemplate(value: string, at: Position): void {
  const placeholder = PLACEHOLDER.exec(value.slice(0, VALUE_CHARS_MAX))?.[0]
  if (placeholder === undefined) return
  throw new UnreadableError('ISO20022_MESSAGE_TEMPLATE', { placeholder: excerpt(placeholder) }, at)
}
