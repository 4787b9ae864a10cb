import type { Codec } from './codec.ts'
import { CodecError } from './errors.ts'
import { fromHex, toHex } from './hex.ts'
import { Writer } from './writer.ts'

function hexFromJson(json: unknown, path: string): Uint8Array<ArrayBuffer> {
  if (typeof json !== 'string') throw new CodecError('CODEC_WRONG_TYPE', path, 'hexadecimal text is wanted')
  return fromHex(json, path)
}

/** Exactly `count` bytes, without a length; hexadecimal in JSON. */
export function fixedBytes(count: number): Codec<Uint8Array> {
  const check = (value: Uint8Array, path: string): Uint8Array => {
    if (value.length !== count) {
      throw new CodecError('CODEC_OUT_OF_RANGE', path, `${count} bytes are wanted, not ${value.length}`)
    }
    return value
  }
  return {
    write: (writer, value) => writer.bytes(check(value, '')),
    read: (reader) => reader.bytes(count),
    toJson: toHex,
    fromJson: (json, path) => check(hexFromJson(json, path), path),
    sample: (sampler) => sampler.bytes(count),
  }
}

export const bytes32: Codec<Uint8Array> = fixedBytes(32)

/** A byte string of at most `maxBytes`, behind its length (u32). */
export function bytes(maxBytes: number): Codec<Uint8Array> {
  const check = (length: number, path: string): void => {
    if (length > maxBytes) throw new CodecError('CODEC_LIMIT', path, `${length} bytes, at most ${maxBytes}`)
  }
  return {
    write: (writer, value) => {
      check(value.length, '')
      writer.u32(value.length)
      writer.bytes(value)
    },
    read: (reader) => {
      const length = reader.u32()
      check(length, '')
      return reader.bytes(length)
    },
    toJson: toHex,
    fromJson: (json, path) => {
      const value = hexFromJson(json, path)
      check(value.length, path)
      return value
    },
    sample: (sampler) => sampler.bytes(sampler.length(maxBytes)),
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 text of at most `maxBytes` bytes, behind its length (u32). Lone surrogates and malformed bytes are refused. */
export function text(maxBytes: number): Codec<string> {
  const write = (writer: Writer, value: unknown, path: string): void => {
    if (typeof value !== 'string') throw new CodecError('CODEC_WRONG_TYPE', path, 'text is wanted')
    // A character takes a byte or more.
    if (value.length > maxBytes)
      throw new CodecError('CODEC_LIMIT', path, `${value.length} characters, at most ${maxBytes} bytes`)
    const length = writer.text(value)
    if (length > maxBytes) throw new CodecError('CODEC_LIMIT', path, `${length} bytes, at most ${maxBytes}`)
    const isAscii = length === value.length
    if (!isAscii && /\p{Surrogate}/u.test(value)) throw new CodecError('CODEC_OUT_OF_RANGE', path, 'a lone surrogate')
  }
  return {
    write: (writer, value) => write(writer, value, ''),
    read: (reader) => {
      const length = reader.u32()
      if (length > maxBytes) throw new CodecError('CODEC_LIMIT', '', `${length} bytes, at most ${maxBytes}`)
      const utf8 = reader.bytes(length)
      try {
        return decoder.decode(utf8)
      } catch {
        throw new CodecError('CODEC_NOT_CANONICAL', '', 'malformed UTF-8')
      }
    },
    toJson: (value) => value,
    fromJson: (json, path) => {
      write(new Writer(), json, path)
      return json as string
    },
    sample: (sampler) => {
      let value = ''
      for (let n = sampler.length(Math.floor(maxBytes / 2)); n > 0; n--) {
        value += String.fromCodePoint(sampler.below(6) === 0 ? 0xe0 + sampler.below(32) : 0x20 + sampler.below(95))
      }
      return value
    },
  }
}
