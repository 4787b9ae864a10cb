import { SaxesParser } from 'saxes'
import { type Position, UnreadableError } from '../problem.ts'

export interface XmlAttribute {
  readonly name: string
  readonly namespace: string
  readonly value: string
}

/** What a document consists of, in order. Comments and processing instructions are left out. */
export interface XmlHandler {
  open(name: string, namespace: string, attributes: readonly XmlAttribute[], at: Position): void
  text(text: string): void
  close(): void
}

export const XML_LIMITS = {
  /** Elements inside of each other. pain.001 has 15 levels at most; the rest is for supplementary data. */
  depthMax: 64,
  /** Characters of one tag, text, comment or other piece of markup. */
  markupCharsMax: 1 << 20,
} as const

/**
 * Parses text into events. Documents are namespace-well-formed XML without a document type declaration, so no entity
 * is ever defined, expanded or fetched.
 * @throws {UnreadableError} from `write` or `end`.
 */
export function createXmlParser(handler: XmlHandler): {
  write(text: string): void
  end(): void
  readonly position: Position
} {
  const parser = new SaxesParser({ xmlns: true })
  let depth = 0
  let lastEventAt = 0
  let tagAt: Position = { line: 1, column: 1 }
  const here = (): Position => ({ line: parser.line, column: parser.column + 1 })
  const seen = () => {
    lastEventAt = parser.position
  }
  const refuseLongMarkup = () => {
    if (parser.position - lastEventAt > XML_LIMITS.markupCharsMax) {
      throw new UnreadableError('ISO20022_XML_TOO_LONG', { max: XML_LIMITS.markupCharsMax }, here())
    }
  }

  parser.on('error', (error) => {
    const detail = error.message.replace(/^(?:[^:]*:)?\d+:\d+: /, '').replace(/\.$/, '')
    const code = detail.startsWith('undefined entity') ? 'ISO20022_XML_ENTITY' : 'ISO20022_XML_MALFORMED'
    throw new UnreadableError(code, { detail }, here())
  })
  parser.on('doctype', () => {
    throw new UnreadableError('ISO20022_XML_DOCTYPE', {}, here())
  })
  parser.on('opentagstart', (tag) => {
    // The parser stands behind the name and the character after it; where that was a line break, on the next line.
    const column = parser.column - tag.name.length - 1
    tagAt = column > 0 ? { line: parser.line, column } : { line: Math.max(1, parser.line - 1), column: 1 }
  })
  parser.on('opentag', (tag) => {
    refuseLongMarkup()
    seen()
    depth += 1
    if (depth > XML_LIMITS.depthMax) {
      throw new UnreadableError('ISO20022_XML_TOO_DEEP', { max: XML_LIMITS.depthMax }, tagAt)
    }
    const attributes: XmlAttribute[] = []
    for (const { local, prefix, uri, value } of Object.values(tag.attributes)) {
      if (prefix !== 'xmlns' && !(prefix === '' && local === 'xmlns'))
        attributes.push({ name: local, namespace: uri, value })
    }
    handler.open(tag.local, tag.uri, attributes, tagAt)
  })
  parser.on('closetag', () => {
    seen()
    depth -= 1
    handler.close()
  })
  const text = (value: string) => {
    seen()
    handler.text(value)
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('comment', seen)
  parser.on('processinginstruction', seen)
  parser.on('xmldecl', seen)

  return {
    write(value) {
      if (value === '') return
      parser.write(value)
      refuseLongMarkup()
    },
    end() {
      parser.close()
    },
    get position() {
      return here()
    },
  }
}
