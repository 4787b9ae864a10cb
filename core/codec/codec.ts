import { CodecError } from './errors.ts'
import { Reader } from './reader.ts'
import type { Sampler } from './sampler.ts'
import { Writer } from './writer.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * One type's canonical binary form, its JSON form, and a generator of sample values (which freezes the encoding in
 * `spec/vectors`). Each value has exactly one encoding; `read` refuses every other byte string.
 */
export interface Codec<T> {
  write(writer: Writer, value: T): void
  read(reader: Reader): T
  toJson(value: T): Json
  fromJson(json: unknown, path: string): T
  sample(sampler: Sampler): T
}

/** The type that a codec carries: `type Header = Infer<typeof header>`. */
export type Infer<C> = C extends Codec<infer T> ? T : never

/** One writer for each depth of nested `encode` calls: a new buffer for every value costs more than writing it. */
const writers: Writer[] = []
const writerBytesKept = 65_536
let depth = 0

/** @throws {CodecError} if the value is outside the codec's limits. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array<ArrayBuffer> {
  let writer = writers[depth]
  if (writer === undefined) {
    writer = new Writer(4_096)
    writers[depth] = writer
  }
  depth++
  try {
    codec.write(writer, value)
    return writer.finish()
  } finally {
    writer.reset(writerBytesKept)
    depth--
  }
}

/** @throws {CodecError} unless `bytes` is the one encoding of a value, without surplus. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes)
  const value = codec.read(reader)
  if (reader.remaining > 0) {
    throw new CodecError('CODEC_TRAILING_BYTES', '', `${reader.remaining} bytes after the value`)
  }
  return value
}

/** @throws {CodecError} with the path of the first field that is missing, unknown or of a wrong form. */
export function decodeJson<T>(codec: Codec<T>, json: unknown): T {
  return codec.fromJson(json, '')
}

/** The canonical JSON text of a value: fields in the codec's order, two spaces of indent, a newline at the end. */
export function encodeJsonText<T>(codec: Codec<T>, value: T): string {
  return `${JSON.stringify(codec.toJson(value), null, 2)}\n`
}

/**
 * Reads a canonical JSON text, byte for byte.
 * @throws {CodecError} also where the text differs from `encodeJsonText` of its value (spacing, order, upper case).
 */
export function decodeJsonText<T>(codec: Codec<T>, text: string): T {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new CodecError('CODEC_WRONG_TYPE', '', `not JSON: ${(cause as Error).message}`)
  }
  const value = codec.fromJson(json, '')
  const canonical = encodeJsonText(codec, value)
  if (canonical !== text) {
    let at = 0
    while (at < text.length && text[at] === canonical[at]) at++
    throw new CodecError('CODEC_NOT_CANONICAL', '', `the text differs from its canonical form at character ${at}`)
  }
  return value
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Lexicographic order of byte strings, as sorted maps and sets use it. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
