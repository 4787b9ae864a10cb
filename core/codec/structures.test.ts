import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type Codec,
  type CodecErrorCode,
  decode,
  decodeJson,
  decodeJsonText,
  encode,
  encodeJsonText,
  enumeration,
  fromHex,
  type Infer,
  list,
  option,
  refined,
  sortByEncoding,
  sortedList,
  struct,
  text,
  toHex,
  u8,
  u16,
  u32,
  u64,
  variant,
  version,
} from './index.ts'

const hexOf = <T>(codec: Codec<T>, value: T) => toHex(encode(codec, value))
const readHex = <T>(codec: Codec<T>, hex: string) => decode(codec, fromHex(hex))
const code = (expected: CodecErrorCode, path = '') =>
  expect.objectContaining({ name: 'CodecError', code: expected, path })

const transfer = struct({ amount: u64, memo: option(text(8)) })
const action = variant({ transfer: [1, transfer], close: [4, struct({ account: u16 })] })

test('the type comes from the codec', () => {
  expectTypeOf<Infer<typeof transfer>>().toEqualTypeOf<{ amount: bigint; memo: string | undefined }>()
  expectTypeOf<Infer<typeof action>['kind']>().toEqualTypeOf<'transfer' | 'close'>()
})

test('a struct is its fields in the order of the declaration, an option a byte before its value', () => {
  expect(hexOf(transfer, { memo: 'a', amount: 3n })).toBe('0300000000000000010100000061')
  expect(hexOf(transfer, { amount: 3n, memo: undefined })).toBe('030000000000000000')
})

test('a variant is the byte of its case before the fields', () => {
  expect(hexOf(action, { kind: 'close', account: 7 })).toBe('040700')
  expect(readHex(action, '040700')).toEqual({ kind: 'close', account: 7 })
  expect(action.toJson({ kind: 'close', account: 7 })).toEqual({ kind: 'close', account: 7 })
})

test('a list is its items behind their number', () => {
  expect(hexOf(list(u16, 9), [1, 2])).toBe('0200000001000200')
  expect(readHex(list(u16, 9), '00000000')).toEqual([])
})

describe('error: a number of items that no input holds makes no room', () => {
  test.each([
    ['above the limit', list(u8, 5), 'ffffffff', 'CODEC_LIMIT'],
    ['within it', list(u8, 0xffff_ffff), 'ffffffff01', 'CODEC_TOO_SHORT'],
    ['of large items', list(list(u8, 1), 0xffff_ffff), 'ffffffff', 'CODEC_TOO_SHORT'],
    ['nested', list(list(u8, 0xffff_ffff), 9), '01000000ffffffff', 'CODEC_TOO_SHORT'],
  ] as const)('%s', (_, codec, hex, expected) => {
    expect(() => readHex(codec as Codec<unknown>, hex)).toThrow(expect.objectContaining({ code: expected }))
  })
})

describe('an error names the way to its field', () => {
  const payment = struct({ header: struct({ version: version(2) }), actions: list(action, 3) })
  const value = (account: number) => ({
    header: { version: 2 as const },
    actions: [
      { kind: 'transfer' as const, amount: 1n, memo: undefined },
      { kind: 'close' as const, account },
    ],
  })
  test('on writing, reading and in JSON', () => {
    expect(() => encode(payment, value(-1))).toThrow(code('CODEC_OUT_OF_RANGE', 'actions[1].close.account'))
    const good = encode(payment, value(5))
    expect(() => decode(payment, good.subarray(0, -1))).toThrow(code('CODEC_TOO_SHORT', 'actions[1].close.account'))
    expect(() => decode(payment, Uint8Array.of(3, ...good.subarray(1)))).toThrow(
      code('CODEC_UNKNOWN_VARIANT', 'header.version'),
    )
    const json = payment.toJson(value(5))
    expect(decodeJson(payment, json)).toEqual(value(5))
    const wrong = JSON.parse(JSON.stringify(json).replace('"account":5', '"account":"5"'))
    expect(() => decodeJson(payment, wrong)).toThrow(code('CODEC_WRONG_TYPE', 'actions[1].account'))
  })
})

describe('error: what has no meaning', () => {
  const color = enumeration({ red: 1, green: 2 })
  test.each([
    ['an unknown case', action, '020700', 'CODEC_UNKNOWN_VARIANT'],
    ['an unknown name', color, '03', 'CODEC_UNKNOWN_VARIANT'],
    ['an option that starts with 2', option(u8), '0201', 'CODEC_NOT_CANONICAL'],
    ['an option whose value is nothing', option(option(u8)), '0100', 'CODEC_NOT_CANONICAL'],
    ['another version', version(1), '02', 'CODEC_UNKNOWN_VARIANT'],
  ] as const)('%s', (_, codec, hex, expected) => {
    expect(() => readHex(codec as Codec<unknown>, hex)).toThrow(code(expected))
  })
  test('an inherited name is no name', () => {
    expect(() => decodeJson(color, 'toString')).toThrow(code('CODEC_UNKNOWN_VARIANT'))
    expect(() => decodeJson(action, { kind: 'constructor' })).toThrow(code('CODEC_UNKNOWN_VARIANT'))
    expect(() => encode(color as Codec<string>, 'toString')).toThrow(code('CODEC_UNKNOWN_VARIANT'))
  })
  test('a declaration that gives a number twice, or one that is no byte', () => {
    expect(() => enumeration({ a: 1, b: 1 })).toThrow(RangeError)
    expect(() => variant({ a: [256, transfer] })).toThrow(RangeError)
  })
})

describe('error: JSON objects with more, fewer or other members', () => {
  test.each([
    [{ amount: '1' }, 'field "memo" is missing'],
    [{ amount: '1', memo: null, note: 1 }, 'unknown field "note"'],
    [JSON.parse('{"amount":"1","memo":null,"__proto__":1}'), 'unknown field "__proto__"'],
    [[], 'an object is wanted'],
    [null, 'an object is wanted'],
  ])('%j', (json, message) => {
    expect(() => decodeJson(transfer, json)).toThrow(message)
  })
})

describe('sorted lists', () => {
  const sorted = sortedList(struct({ key: u16, value: u8 }), u16, ({ key }) => key, 9)
  test('the order is that of the encoded keys', () => {
    // 256 is 00 01 and comes before 1, which is 01 00.
    const items = [256, 1, 2].map((key) => ({ key, value: 0 }))
    expect(sortByEncoding([...items].reverse(), u16, ({ key }) => key)).toEqual(items)
    expect(decode(sorted, encode(sorted, items))).toEqual(items)
  })
  test('error: another order, or a key twice', () => {
    for (const keys of [
      [1, 256],
      [1, 1],
    ]) {
      const items = keys.map((key) => ({ key, value: 0 }))
      const plain = list(struct({ key: u16, value: u8 }), 9)
      expect(() => encode(sorted, items)).toThrow(code('CODEC_NOT_CANONICAL'))
      expect(() => decode(sorted, encode(plain, items))).toThrow(code('CODEC_NOT_CANONICAL'))
      expect(() => decodeJson(sorted, items)).toThrow(code('CODEC_NOT_CANONICAL'))
    }
  })
})

test('a refined codec checks its condition on every way', () => {
  const odd = refined(u8, (value) => (value % 2 === 1 ? undefined : 'an odd number is wanted'))
  for (const run of [() => encode(odd, 2), () => readHex(odd, '02'), () => decodeJson(odd, 2)]) {
    expect(run).toThrow(code('CODEC_OUT_OF_RANGE'))
  }
  expect(readHex(odd, '03')).toBe(3)
})

describe('canonical JSON text', () => {
  const good = encodeJsonText(transfer, { amount: 3n, memo: 'a' })
  test('two spaces of indent, the order of the codec, a newline at the end', () => {
    expect(good).toBe('{\n  "amount": "3",\n  "memo": "a"\n}\n')
    expect(decodeJsonText(transfer, good)).toEqual({ amount: 3n, memo: 'a' })
  })
  test.each([
    ['another order', '{\n  "memo": "a",\n  "amount": "3"\n}\n'],
    ['no newline', good.trimEnd()],
    ['a member twice', good.replace('"memo"', '"amount": "4",\n  "memo"')],
    ['an escape for a plain letter', good.replace('"a"', '"\\u0061"')],
    ['a byte order mark', `\ufeff${good}`],
    ['carriage returns', good.replaceAll('\n', '\r\n')],
  ])('error: %s', (_, changed) => {
    expect(() => decodeJsonText(transfer, changed)).toThrow(expect.objectContaining({ name: 'CodecError' }))
  })
  test('error: deep nesting is refused like any other wrong form', () => {
    expect(() => decodeJsonText(transfer, '['.repeat(200_000) + ']'.repeat(200_000))).toThrow(code('CODEC_WRONG_TYPE'))
    expect(() => decodeJsonText(list(u32, 3), '['.repeat(200_000))).toThrow(code('CODEC_WRONG_TYPE'))
  })
})
