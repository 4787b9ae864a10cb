import { describe, expect, test } from 'vitest'
import {
  bool,
  bytes,
  bytes32,
  type Codec,
  type CodecErrorCode,
  decode,
  decodeJson,
  encode,
  fixedBytes,
  fromHex,
  i128,
  safeU64,
  text,
  toHex,
  u8,
  u16,
  u32,
  u64,
  u128,
} from './index.ts'

const hexOf = <T>(codec: Codec<T>, value: T) => toHex(encode(codec, value))
const readHex = <T>(codec: Codec<T>, hex: string) => decode(codec, fromHex(hex))
const code = (expected: CodecErrorCode) => expect.objectContaining({ name: 'CodecError', code: expected })

describe('integers are little-endian at a fixed width', () => {
  test.each([
    ['u8', u8, 0xab, 'ab'],
    ['u16', u16, 0xabcd, 'cdab'],
    ['u32', u32, 0xabcdef01, '01efcdab'],
    ['u64', u64, 0x0123456789abcdefn, 'efcdab8967452301'],
    ['safeU64', safeU64, 0x1f_ffff_ffff_ffff, 'ffffffffffff1f00'],
    ['safeU64', safeU64, 0x1_0000_0000, '0000000001000000'],
    ['u128', u128, (1n << 64n) + 2n, '02000000000000000100000000000000'],
    ['u128', u128, (1n << 128n) - 1n, 'ff'.repeat(16)],
    ['i128', i128, -1n, 'ff'.repeat(16)],
    ['i128', i128, -(1n << 127n), `${'00'.repeat(15)}80`],
    ['bool', bool, true, '01'],
  ] as [string, Codec<unknown>, unknown, string][])('%s %j is %s', (_, codec, value, hex) => {
    expect(hexOf(codec, value)).toBe(hex)
    expect(readHex(codec, hex)).toBe(value)
  })

  test.each([
    ['u8', u8, [-1, 256, 0.5, Number.NaN, -0]],
    ['u16', u16, [65_536]],
    ['u32', u32, [2 ** 32]],
    ['safeU64', safeU64, [2 ** 53, -1]],
    ['u64', u64, [-1n, 1n << 64n]],
    ['u128', u128, [-1n, 1n << 128n]],
    ['i128', i128, [1n << 127n, -(1n << 127n) - 1n]],
  ] as [string, Codec<unknown>, unknown[]][])('error: %s outside its range', (_, codec, values) => {
    for (const value of values) expect(() => encode(codec, value)).toThrow(code('CODEC_OUT_OF_RANGE'))
  })

  test('error: eight bytes above 2^53 − 1 are no safe integer', () => {
    expect(() => readHex(safeU64, '0000000000002000')).toThrow(code('CODEC_OUT_OF_RANGE'))
    expect(() => readHex(safeU64, 'ff'.repeat(8))).toThrow(code('CODEC_OUT_OF_RANGE'))
  })

  test('error: a boolean of 2, a number for a bigint, a bigint for a number', () => {
    expect(() => readHex(bool, '02')).toThrow(code('CODEC_NOT_CANONICAL'))
    expect(() => encode(u64 as Codec<unknown>, 1)).toThrow(code('CODEC_WRONG_TYPE'))
    expect(() => encode(u32 as Codec<unknown>, 1n)).toThrow(code('CODEC_WRONG_TYPE'))
  })
})

describe('JSON of scalars has one form', () => {
  test.each([
    ['u64', u64, '18446744073709551615', ['01', '+1', '-0', '1.0', '1e3', ' 1', '', 1, '9'.repeat(40)]],
    ['i128', i128, '-170141183460469231731687303715884105728', ['-', '--1', '-01']],
    ['u32', u32, 7, ['7', 7.5, -1, null, true]],
    ['bool', bool, false, [0, 'false', null]],
    ['bytes', bytes(4), 'aabb', ['AABB', 'abc', 'xx', '0x00', 3, 'aabbccddee']],
    ['bytes32', bytes32, 'ab'.repeat(32), ['ab'.repeat(31), 'ab'.repeat(33)]],
    ['text', text(4), 'über'.slice(0, 3), ['abcde', 5, '\ud800', '\udc00a']],
  ] as [string, Codec<unknown>, unknown, unknown[]][])('%s', (_, codec, good, wrong) => {
    expect(codec.toJson(decodeJson(codec, good))).toEqual(good)
    for (const json of wrong) {
      expect(() => decodeJson(codec, json), JSON.stringify(json)).toThrow(
        expect.objectContaining({ name: 'CodecError' }),
      )
    }
  })
})

describe('byte strings', () => {
  test('fixed ones have no length, others have one of four bytes', () => {
    expect(hexOf(fixedBytes(2), Uint8Array.of(1, 2))).toBe('0102')
    expect(hexOf(bytes(2), Uint8Array.of(1, 2))).toBe('020000000102')
    expect(hexOf(text(8), 'ü')).toBe('02000000c3bc')
  })
  test('error: another length than declared, also before any room is made for it', () => {
    expect(() => encode(fixedBytes(2), Uint8Array.of(1))).toThrow(code('CODEC_OUT_OF_RANGE'))
    expect(() => encode(bytes(2), new Uint8Array(3))).toThrow(code('CODEC_LIMIT'))
    expect(() => readHex(bytes(2), 'ffffffff')).toThrow(code('CODEC_LIMIT'))
    expect(() => readHex(text(2), 'ffffffff')).toThrow(code('CODEC_LIMIT'))
    expect(() => readHex(bytes(9), '0300000001')).toThrow(code('CODEC_TOO_SHORT'))
    expect(() => encode(text(2), 'ünü')).toThrow(code('CODEC_LIMIT'))
  })
  test('error: malformed, overlong and surrogate UTF-8; a byte order mark is kept', () => {
    for (const bad of ['ff', 'c3', 'c080', 'eda080', 'f4908080']) {
      const length = (bad.length / 2).toString(16).padStart(2, '0')
      expect(() => readHex(text(9), `${length}000000${bad}`), bad).toThrow(code('CODEC_NOT_CANONICAL'))
    }
    expect(readHex(text(9), '04000000efbbbf61')).toBe('\ufeffa')
    expect(() => encode(text(9), 'a\ud800')).toThrow(code('CODEC_OUT_OF_RANGE'))
  })
  test('a decoded value is a copy, also of a Buffer', () => {
    const input = Buffer.from('01020304', 'hex')
    const value = decode(fixedBytes(4), input)
    input[0] = 9
    expect(value).toEqual(Uint8Array.of(1, 2, 3, 4))
  })
})
