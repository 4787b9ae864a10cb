import { UnreadableError } from '../problem.ts'

/** Bytes of a file, in pieces of any size. */
export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const DECLARATION_BYTES_MAX = 512
const PIECE_BYTES_MAX = 1 << 16
const DECLARED = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/

/**
 * The text of an XML file: UTF-8 with or without byte order mark, or ISO-8859-1 or US-ASCII where the XML declaration
 * names them. Pieces have at most 64 Ki characters.
 * @throws {UnreadableError} for other encodings, invalid bytes, and files of more than `bytesMax` bytes.
 */
export async function* decodeXml(source: Bytes, bytesMax: number): AsyncGenerator<string> {
  let bytesRead = 0
  let head: Uint8Array = new Uint8Array(0)
  let decoder: ((bytes: Uint8Array, last: boolean) => string) | undefined
  for await (const chunk of source) {
    bytesRead += chunk.length
    if (bytesRead > bytesMax) throw new UnreadableError('ISO20022_FILE_TOO_LARGE', { max: bytesMax })
    if (decoder) {
      yield* pieces(chunk, decoder)
      continue
    }
    head = concat(head, chunk)
    if (head.length < DECLARATION_BYTES_MAX) continue
    decoder = decoderOf(head)
    yield* pieces(head, decoder)
    head = new Uint8Array(0)
  }
  decoder ??= decoderOf(head)
  yield* pieces(head, decoder)
  yield decoder(new Uint8Array(0), true)
}

function* pieces(bytes: Uint8Array, decode: (bytes: Uint8Array, last: boolean) => string): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES_MAX) {
    yield decode(bytes.subarray(at, at + PIECE_BYTES_MAX), false)
  }
}

function decoderOf(head: Uint8Array): (bytes: Uint8Array, last: boolean) => string {
  const [first, second, third] = head
  const wide = (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)
  if (wide || first === 0 || second === 0) {
    throw new UnreadableError('ISO20022_ENCODING_UNSUPPORTED', { encoding: 'UTF-16 or UTF-32' })
  }
  const marked = first === 0xef && second === 0xbb && third === 0xbf
  const start = Buffer.from(head.subarray(marked ? 3 : 0)).toString('latin1', 0, DECLARATION_BYTES_MAX)
  const encoding = DECLARED.exec(start)?.[1]?.toUpperCase() ?? 'UTF-8'
  if (encoding === 'UTF-8' || encoding === 'UTF8') return utf8()
  if (marked || (encoding !== 'ISO-8859-1' && encoding !== 'US-ASCII' && encoding !== 'ASCII')) {
    throw new UnreadableError('ISO20022_ENCODING_UNSUPPORTED', {
      encoding: marked ? `${encoding}, but it starts with the byte order mark of UTF-8` : encoding,
    })
  }
  const highest = encoding === 'ISO-8859-1' ? 0xff : 0x7f
  return (bytes) => {
    if (bytes.some((byte) => byte > highest)) throw new UnreadableError('ISO20022_ENCODING_INVALID', { encoding })
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  }
}

function utf8(): (bytes: Uint8Array, last: boolean) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return (bytes, last) => {
    try {
      return decoder.decode(bytes, { stream: !last })
    } catch {
      throw new UnreadableError('ISO20022_ENCODING_INVALID', { encoding: 'UTF-8' })
    }
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
