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
  /** Characters of one tag or text, and of the comments and other markup between two of them. */
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

  // Six handlers at most: the parser keeps each as a property that is not declared, and with a seventh the engine gives
  // up on the layout of the object, which makes it four times slower. So errors are caught, and comments not told.
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

  const guarded = (step: () => void) => {
    try {
      step()
    } catch (error) {
      throw faultOf(error, here())
    }
  }
  return {
    write(value) {
      if (value === '') return
      guarded(() => parser.write(value))
      refuseLongMarkup()
    },
    end() {
      guarded(() => parser.close())
    },
    get position() {
      return here()
    },
  }
}

/** The parser throws plain errors that begin with their place. All others are not its own. */
function faultOf(error: unknown, at: Position): unknown {
  const match = error instanceof Error ? /^\d+:\d+: (.*?)\.?$/s.exec(error.message) : null
  if (!match || error instanceof UnreadableError) return error
  const detail = match[1]!
  const code = detail.startsWith('undefined entity') ? 'ISO20022_XML_ENTITY' : 'ISO20022_XML_MALFORMED'
  return new UnreadableError(code, { detail }, at)
}
