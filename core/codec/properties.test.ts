import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CodecError, decode, decodeJson, decodeJsonText, encode, encodeJsonText, equalBytes, Sampler } from './index.ts'
import { anyCodec, type UnknownCodec } from './testing/any-codec.ts'

const seed = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })

/** The value, or the coded error; anything else that is thrown fails the test. */
function outcome<T>(run: () => T): { value: T } | { error: CodecError } {
  try {
    return { value: run() }
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    return { error }
  }
}

/** Whatever decodes is the one encoding of its value. */
function expectCanonical(codec: UnknownCodec, bytes: Uint8Array): void {
  const decoded = outcome(() => decode(codec, bytes))
  if ('value' in decoded) expect(encode(codec, decoded.value)).toEqual(bytes)
}

test('decode∘encode is identity, in bytes, in JSON and in canonical text', () => {
  fc.assert(
    fc.property(anyCodec, seed, ({ codec }, from) => {
      const value = codec.sample(new Sampler(from))
      expect(decode(codec, encode(codec, value))).toEqual(value)
      expect(decodeJson(codec, JSON.parse(JSON.stringify(codec.toJson(value))))).toEqual(value)
      expect(decodeJsonText(codec, encodeJsonText(codec, value))).toEqual(value)
    }),
    { numRuns: 1000 },
  )
})

test('a random mutation never decodes to the same value', () => {
  fc.assert(
    fc.property(anyCodec, seed, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ codec }, from, at, flip) => {
      const bytes = encode(codec, codec.sample(new Sampler(from)))
      if (bytes.length === 0) return
      const changed = bytes.slice()
      changed[at % changed.length]! ^= flip
      expectCanonical(codec, changed)
      const decoded = outcome(() => decode(codec, changed))
      if ('value' in decoded) expect(equalBytes(encode(codec, decoded.value), bytes)).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('a shortened or lengthened encoding is refused', () => {
  fc.assert(
    fc.property(
      anyCodec,
      seed,
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 9 }),
      ({ codec }, from, cut, more) => {
        const bytes = encode(codec, codec.sample(new Sampler(from)))
        if (bytes.length > 0) {
          expect(outcome(() => decode(codec, bytes.subarray(0, cut % bytes.length)))).toHaveProperty('error')
        }
        expect(outcome(() => decode(codec, Uint8Array.from([...bytes, ...more])))).toHaveProperty(
          'error.code',
          'CODEC_TRAILING_BYTES',
        )
      },
    ),
    { numRuns: 1000 },
  )
})

test('random bytes give a value of which they are the encoding, or a coded error', () => {
  fc.assert(
    fc.property(anyCodec, fc.uint8Array({ maxLength: 80 }), ({ codec }, bytes) => expectCanonical(codec, bytes)),
    { numRuns: 3000 },
  )
})

test('random JSON gives a value or a coded error', () => {
  fc.assert(
    fc.property(anyCodec, fc.jsonValue(), ({ codec }, json) => {
      const decoded = outcome(() => decodeJson(codec, json))
      if ('value' in decoded) expect(codec.toJson(decoded.value)).toEqual(json)
    }),
    { numRuns: 2000 },
  )
})

test('a value without a text is refused by code wherever something else is wanted', () => {
  const noText = fc.constantFrom({ toString: '' }, [{ toString: '' }], { toString: null, valueOf: null })
  fc.assert(
    fc.property(anyCodec, noText, ({ codec }, json) => {
      outcome(() => decodeJson(codec, json))
    }),
    { numRuns: 1000 },
  )
})

test('a canonical text that is changed anywhere is refused, or is that of another value', () => {
  fc.assert(
    fc.property(anyCodec, seed, fc.nat(), fc.constantFrom(...' \n0aA,"}'), ({ codec }, from, at, character) => {
      const value = codec.sample(new Sampler(from))
      const text = encodeJsonText(codec, value)
      const changed = text.slice(0, at % text.length) + character + text.slice((at % text.length) + 1)
      if (changed === text) return
      const decoded = outcome(() => decodeJsonText(codec, changed))
      if ('value' in decoded) expect(equalBytes(encode(codec, decoded.value), encode(codec, value))).toBe(false)
    }),
    { numRuns: 1500 },
  )
})
