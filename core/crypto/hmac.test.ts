import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../codec/index.ts'
import { hkdfSha256, hmacSha256 } from './index.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const repeated = (byte: number, count: number) => new Uint8Array(count).fill(byte)

test.each([
  [1, repeated(0x0b, 20), ascii('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    2,
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [3, repeated(0xaa, 20), repeated(0xdd, 50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [
    4,
    Uint8Array.from({ length: 25 }, (_, i) => i + 1),
    repeated(0xcd, 50),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  [
    6,
    repeated(0xaa, 131),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    7,
    repeated(0xaa, 131),
    ascii(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
])('HMAC: RFC 4231, case %i', (_, key, message, expected) => {
  expect(toHex(hmacSha256(key, message))).toBe(expected)
})

test.each([
  [
    1,
    repeated(0x0b, 22),
    fromHex('000102030405060708090a0b0c'),
    fromHex('f0f1f2f3f4f5f6f7f8f9'),
    42,
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  [
    2,
    Uint8Array.from({ length: 80 }, (_, i) => i),
    Uint8Array.from({ length: 80 }, (_, i) => 0x60 + i),
    Uint8Array.from({ length: 80 }, (_, i) => 0xb0 + i),
    82,
    'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  ],
  [
    3,
    repeated(0x0b, 22),
    new Uint8Array(0),
    new Uint8Array(0),
    42,
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  ],
])('HKDF: RFC 5869, case %i', (_, secret, salt, info, length, expected) => {
  expect(toHex(hkdfSha256(secret, salt, info, length))).toBe(expected)
})

test('error: HKDF gives at most 255 blocks', () => {
  const none = new Uint8Array(0)
  expect(hkdfSha256(none, none, none, 0)).toHaveLength(0)
  expect(hkdfSha256(none, none, none, 8160)).toHaveLength(8160)
  for (const length of [-1, 1.5, 8161]) expect(() => hkdfSha256(none, none, none, length)).toThrow(RangeError)
})

interface HkdfVectors {
  testGroups: {
    tests: { tcId: number; ikm: string; salt: string; info: string; size: number; okm: string; result: string }[]
  }[]
}
const vectors = new URL('../../../shared/data/wycheproof/hkdf_sha256_test.json', import.meta.url)

describe.skipIf(!existsSync(vectors))('HKDF: Wycheproof (skipped where ../shared/data/wycheproof is missing)', () => {
  test('every valid case gives its bytes, every other is refused', () => {
    const { testGroups } = JSON.parse(readFileSync(vectors, 'utf8')) as HkdfVectors
    const cases = testGroups.flatMap((group) => group.tests)
    expect(cases.length).toBeGreaterThan(50)
    for (const { tcId, ikm, salt, info, size, okm, result } of cases) {
      const derive = () => toHex(hkdfSha256(fromHex(ikm), fromHex(salt), fromHex(info), size))
      if (result === 'valid') expect(derive(), `case ${tcId}`).toBe(okm)
      else expect(derive, `case ${tcId}`).toThrow(RangeError)
    }
  })
})
