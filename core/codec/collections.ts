import { type Codec, compareBytes, encode, type Json } from './codec.ts'
import { CodecError } from './errors.ts'
import { located } from './structures.ts'

function checkCount(count: number, max: number, path: string): void {
  if (count > max) throw new CodecError('CODEC_LIMIT', path, `${count} items, at most ${max}`)
}

function jsonArray(json: unknown, max: number, path: string): unknown[] {
  if (!Array.isArray(json)) throw new CodecError('CODEC_WRONG_TYPE', path, 'an array is wanted')
  checkCount(json.length, max, path)
  return json
}

/** At most `max` items behind their number (u32). */
export function list<T>(codec: Codec<T>, max: number): Codec<T[]> {
  return {
    write: (writer, items) => {
      checkCount(items.length, max, '')
      writer.u32(items.length)
      let i = 0
      try {
        for (; i < items.length; i++) codec.write(writer, items[i]!)
      } catch (error) {
        throw located(`[${i}]`, error)
      }
    },
    read: (reader) => {
      const count = reader.u32()
      checkCount(count, max, '')
      const items: T[] = []
      try {
        while (items.length < count) items.push(codec.read(reader))
      } catch (error) {
        throw located(`[${items.length}]`, error)
      }
      return items
    },
    toJson: (items) => items.map((item) => codec.toJson(item)),
    fromJson: (json, path) => jsonArray(json, max, path).map((item, i) => codec.fromJson(item, `${path}[${i}]`)),
    sample: (sampler) => Array.from({ length: sampler.length(max) }, () => codec.sample(sampler)),
  }
}

/** The positions of items must rise strictly by the encoding of `keyOf`. */
function checkSorted<T>(items: T[], keyOf: (item: T) => Uint8Array, path: string): void {
  let previous: Uint8Array | undefined
  for (const item of items) {
    const key = keyOf(item)
    if (previous !== undefined && compareBytes(previous, key) >= 0) {
      throw new CodecError('CODEC_NOT_CANONICAL', path, 'items are not sorted, or one stands twice')
    }
    previous = key
  }
}

/** A list whose items rise strictly by the encoding of a key; the writer refuses what is not sorted. */
export function sortedList<T, K>(codec: Codec<T>, keyCodec: Codec<K>, keyOf: (item: T) => K, max: number): Codec<T[]> {
  const items = list(codec, max)
  const keyBytes = (item: T): Uint8Array => encode(keyCodec, keyOf(item))
  return {
    write: (writer, value) => {
      checkSorted(value, keyBytes, '')
      items.write(writer, value)
    },
    read: (reader) => {
      const value = items.read(reader)
      checkSorted(value, keyBytes, '')
      return value
    },
    toJson: items.toJson,
    fromJson: (json, path) => {
      const value = items.fromJson(json, path)
      checkSorted(value, keyBytes, path)
      return value
    },
    sample: (sampler) => sortUnique(items.sample(sampler), keyBytes),
  }
}

function sortUnique<T>(items: T[], keyOf: (item: T) => Uint8Array): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => compareBytes(a.key, b.key))
  return keyed.filter((entry, i) => i === 0 || compareBytes(keyed[i - 1]!.key, entry.key) !== 0).map(({ item }) => item)
}

/** Sorts items by the encoding of a key, for building the value of a `sortedList`. */
export function sortByEncoding<T, K>(items: readonly T[], keyCodec: Codec<K>, keyOf: (item: T) => K): T[] {
  return items
    .map((item) => ({ item, key: encode(keyCodec, keyOf(item)) }))
    .sort((a, b) => compareBytes(a.key, b.key))
    .map(({ item }) => item)
}

/** A codec with a further condition on its values. */
export function refined<T>(codec: Codec<T>, check: (value: T) => string | undefined): Codec<T> {
  const checked = (value: T, path: string): T => {
    const problem = check(value)
    if (problem !== undefined) throw new CodecError('CODEC_OUT_OF_RANGE', path, problem)
    return value
  }
  return {
    write: (writer, value) => codec.write(writer, checked(value, '')),
    read: (reader) => checked(codec.read(reader), ''),
    toJson: (value): Json => codec.toJson(value),
    fromJson: (json, path) => checked(codec.fromJson(json, path), path),
    sample: (sampler) => {
      for (let attempt = 0; attempt < 1000; attempt++) {
        const value = codec.sample(sampler)
        if (check(value) === undefined) return value
      }
      throw new Error('no sample satisfies the condition')
    },
  }
}
