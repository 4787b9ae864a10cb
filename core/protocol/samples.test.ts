import { describe, expect, it } from 'vitest'
import {
  type Codec,
  CodecError,
  compareBytes,
  decode,
  decodeJsonText,
  encode,
  encodeJsonText,
  Sampler,
} from '../codec/index.ts'
import * as protocol from './index.ts'

/** Every codec that the package exports, by name. */
const codecs = Object.entries(protocol).filter((pair): pair is [string, Codec<unknown> & typeof protocol.block] => {
  const [, value] = pair
  return typeof value === 'object' && value !== null && 'sample' in value && 'fromJson' in value
})

describe('forms', () => {
  it('behavior: there are as many as the protocol has', () => {
    expect(codecs.length).toBeGreaterThan(60)
  })

  for (const [name, codec] of codecs) {
    it(`behavior: ${name} has one binary form per value, and one JSON form`, () => {
      const sampler = new Sampler(11n)
      for (let i = 0; i < 12; i++) {
        const value = codec.sample(sampler)
        const bytes = encode(codec, value)
        expect(compareBytes(encode(codec, decode(codec, bytes)), bytes)).toBe(0)
        expect(compareBytes(encode(codec, decodeJsonText(codec, encodeJsonText(codec, value))), bytes)).toBe(0)
        expect(() => decode(codec, Uint8Array.from([...bytes, 0]))).toThrow(CodecError)
        for (let n = 0; n < 20 && bytes.length > 0; n++) {
          const changed = bytes.slice()
          changed[sampler.below(bytes.length)]! ^= 1 << sampler.below(8)
          try {
            expect(compareBytes(encode(codec, decode(codec, changed)), changed)).toBe(0)
          } catch (error) {
            if (!(error instanceof CodecError)) throw error
          }
        }
      }
    })
  }
})
