import type { Codec, Infer, Json } from './codec.ts'
import { CodecError } from './errors.ts'

type StructOf<F> = { [K in keyof F]: Infer<F[K]> }

/** The error with the field's name added to its path; any other error as it is. */
export function located(step: string, error: unknown): unknown {
  if (!(error instanceof CodecError)) return error
  const joined = error.path === '' || error.path.startsWith('[') ? step + error.path : `${step}.${error.path}`
  const detail = error.message.slice(error.message.indexOf(': ') + 2)
  return new CodecError(error.code, joined, detail)
}

/** The JSON object with exactly the wanted keys. */
export function jsonObject(json: unknown, keys: readonly string[], path: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CodecError('CODEC_WRONG_TYPE', path, 'an object is wanted')
  }
  for (const key of Object.keys(json)) {
    if (!keys.includes(key))
      throw new CodecError('CODEC_WRONG_TYPE', path, `unknown field ${JSON.stringify(key.slice(0, 64))}`)
  }
  for (const key of keys) {
    if (!Object.hasOwn(json, key)) throw new CodecError('CODEC_WRONG_TYPE', path, `field "${key}" is missing`)
  }
  return json as Record<string, unknown>
}

/** The fields one after another, in the order of the declaration. */
// biome-ignore lint/suspicious/noExplicitAny: a codec is invariant in its type, so only `any` accepts every field
export function struct<F extends Record<string, Codec<any>>>(fields: F): Codec<StructOf<F>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][]
  const keys = entries.map(([key]) => key)
  const codecs = entries.map(([, codec]) => codec)
  // One `try` around the loop, not a closure for each field: lists of structs are what blocks consist of.
  return {
    write: (writer, value) => {
      const record = value as Record<string, unknown>
      let i = 0
      try {
        for (; i < codecs.length; i++) codecs[i]!.write(writer, record[keys[i]!])
      } catch (error) {
        throw located(keys[i]!, error)
      }
    },
    read: (reader) => {
      const record: Record<string, unknown> = {}
      let i = 0
      try {
        for (; i < codecs.length; i++) record[keys[i]!] = codecs[i]!.read(reader)
      } catch (error) {
        throw located(keys[i]!, error)
      }
      return record as StructOf<F>
    },
    toJson: (value) => {
      const record = value as Record<string, unknown>
      const json: Record<string, Json> = {}
      for (const [key, codec] of entries) json[key] = codec.toJson(record[key])
      return json
    },
    fromJson: (json, path) => {
      const object = jsonObject(json, keys, path)
      const record: Record<string, unknown> = {}
      for (const [key, codec] of entries)
        record[key] = codec.fromJson(object[key], path === '' ? key : `${path}.${key}`)
      return record as StructOf<F>
    },
    sample: (sampler) => {
      const record: Record<string, unknown> = {}
      for (const [key, codec] of entries) record[key] = codec.sample(sampler)
      return record as StructOf<F>
    },
  }
}

/** One byte, 0 for `undefined`, 1 before a value; `null` in JSON. */
export function option<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    write: (writer, value) => {
      writer.u8(value === undefined ? 0 : 1)
      if (value !== undefined) codec.write(writer, value)
    },
    read: (reader) => {
      const flag = reader.u8()
      if (flag > 1) throw new CodecError('CODEC_NOT_CANONICAL', '', `an option starts with 0 or 1, not ${flag}`)
      if (flag === 0) return undefined
      const value = codec.read(reader)
      if (value === undefined) throw new CodecError('CODEC_NOT_CANONICAL', '', 'an option of nothing has no value')
      return value
    },
    toJson: (value) => (value === undefined ? null : codec.toJson(value)),
    fromJson: (json, path) => (json === null ? undefined : codec.fromJson(json, path)),
    sample: (sampler) => (sampler.below(2) === 0 ? undefined : codec.sample(sampler)),
  }
}

/** @throws {RangeError} unless the tags are bytes and each stands once: a mistake in a declaration. */
export function checkTags(tags: readonly number[]): void {
  if (new Set(tags).size !== tags.length) throw new RangeError('two names have the same number')
  for (const tag of tags) {
    if (!Number.isInteger(tag) || tag < 0 || tag > 255) throw new RangeError(`${tag} is no byte`)
  }
}

/** Names for the values of one byte. */
export function enumeration<const N extends Record<string, number>>(numbers: N): Codec<keyof N & string> {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]))
  const known = Object.keys(numbers)
  checkTags(Object.values(numbers))
  return {
    write: (writer, value) => {
      const number = Object.hasOwn(numbers, value) ? numbers[value] : undefined
      if (number === undefined)
        throw new CodecError('CODEC_UNKNOWN_VARIANT', '', `one of ${known.join(', ')} is wanted`)
      writer.u8(number)
    },
    read: (reader) => {
      const number = reader.u8()
      const name = names.get(number)
      if (name === undefined) throw new CodecError('CODEC_UNKNOWN_VARIANT', '', `${number} names nothing known`)
      return name
    },
    toJson: (value) => value,
    fromJson: (json, path) => {
      if (typeof json !== 'string' || !Object.hasOwn(numbers, json)) {
        throw new CodecError('CODEC_UNKNOWN_VARIANT', path, `one of ${known.join(', ')} is wanted`)
      }
      return json
    },
    sample: (sampler) => known[sampler.below(known.length)]!,
  }
}

/** A version byte that this build knows; every other one is refused. */
export function version<const V extends number>(known: V): Codec<V> {
  const check = (value: unknown, path: string): V => {
    if (value === known) return known
    // Anything else than a number may have no text at all, such as an object whose toString is none.
    const given = typeof value === 'number' ? `, not ${value}` : ''
    throw new CodecError('CODEC_UNKNOWN_VARIANT', path, `version ${known} is wanted${given}`)
  }
  return {
    write: (writer, value) => writer.u8(check(value, '')),
    read: (reader) => check(reader.u8(), ''),
    toJson: (value) => value,
    fromJson: check,
    sample: () => known,
  }
}

/** The same bytes under a type of their own, so that ids of different things can't be mixed up. */
export function branded<B>() {
  return <T>(codec: Codec<T>): Codec<T & B> => codec as Codec<T & B>
}
