import { existsSync, readFileSync } from 'node:fs'
import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../codec/index.ts'
import { isAcceptablePublicKey, p256PublicKey, signP256, verifySignature } from './index.ts'
import { agreed, runtimes } from './testing/both-runtimes.ts'

const groupOrder = p256.Point.Fn.ORDER
const fieldPrime = p256.Point.Fp.ORDER

function bigEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0'))
}
const scalarOf = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)

function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return agreed((runtime) => runtime.verifyP256(signature, message, publicKey))
}

/** RFC 6979, appendix A.2.5: the key, and the signature of "sample" with SHA-256. */
const secret = fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721')
const sample = new TextEncoder().encode('sample')
const r = 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n
const highS = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n
const signatureOf = (first: bigint, second: bigint) => Uint8Array.from([...bigEndian(first), ...bigEndian(second)])

test('RFC 6979, A.2.5: the signature is that of the standard, with its s made low', () => {
  for (const runtime of runtimes) {
    expect(runtime.signP256(sample, secret)).toEqual(signatureOf(r, groupOrder - highS))
  }
  const key = p256PublicKey(secret)
  expect(toHex(key)).toBe('0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6')
  expect(verify(signP256(sample, secret), sample, key)).toBe(true)
  expect(verifySignature('p256', key, sample, signP256(sample, secret))).toBe(true)
})

test('a high s is refused: each signature has one form', () => {
  const key = p256PublicKey(secret)
  expect(verify(signatureOf(r, highS), sample, key)).toBe(false)
})

test('r and s outside 1 to n − 1, and other lengths, are refused', () => {
  const key = p256PublicKey(secret)
  const s = groupOrder - highS
  const wrong = [
    ...[0n, groupOrder, r + 1n, fieldPrime, (1n << 256n) - 1n].map((bad) => signatureOf(bad, s)),
    ...[0n, groupOrder, groupOrder - 1n, (groupOrder + 1n) / 2n].map((bad) => signatureOf(r, bad)),
    signatureOf(r, s).slice(1),
    Uint8Array.from([...signatureOf(r, s), 0]),
    new Uint8Array(0),
  ]
  for (const signature of wrong) expect(verify(signature, sample, key), toHex(signature)).toBe(false)
})

test('only compressed points of the curve are keys', () => {
  const key = p256PublicKey(secret)
  const uncompressed = p256.getPublicKey(secret, false)
  const withPrefix = (prefix: number) => Uint8Array.of(prefix, ...key.subarray(1))
  const notKeys = [
    ...[0, 1, 4, 5, 6, 7, 0x43].map(withPrefix),
    Uint8Array.of(2, ...bigEndian(fieldPrime)),
    Uint8Array.of(2, ...bigEndian(fieldPrime + 5n)),
    Uint8Array.of(2, ...bigEndian(1n)),
    new Uint8Array(33),
    uncompressed,
    uncompressed.slice(0, 33),
    key.slice(1),
    new Uint8Array(0),
  ]
  for (const bytes of notKeys) {
    expect(
      agreed((runtime) => runtime.isP256Key(bytes)),
      toHex(bytes),
    ).toBe(false)
    expect(verify(signP256(sample, secret), sample, bytes)).toBe(false)
    expect(isAcceptablePublicKey('p256', bytes)).toBe(false)
  }
  expect(isAcceptablePublicKey('p256', key)).toBe(true)
})

test('random key bytes: every runtime takes on the same', () => {
  fc.assert(
    fc.property(fc.constantFrom(2, 3), fc.uint8Array({ minLength: 32, maxLength: 32 }), (prefix, x) => {
      agreed((runtime) => runtime.isP256Key(Uint8Array.of(prefix, ...x)))
    }),
    { numRuns: 200 },
  )
})

test('random mutations: every runtime gives the same verdict, and it is no', () => {
  const scalar = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => {
    return scalarOf(bytes) > 0n && scalarOf(bytes) < groupOrder
  })
  fc.assert(
    fc.property(
      scalar,
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(0, 1, 2),
      fc.nat(),
      (key, message, part, at) => {
        const parts = [signP256(message, key), message.slice(), p256PublicKey(key)] as const
        expect(verify(...parts)).toBe(true)
        const target = parts[part]
        if (target.length === 0) return
        target[(at >> 3) % target.length]! ^= 1 << (at & 7)
        expect(verify(...parts)).toBe(false)
      },
    ),
    { numRuns: 100, endOnFailure: true },
  )
})

test('the cache of imported keys is bounded and keeps verdicts apart', () => {
  const [node] = runtimes
  let point = p256.Point.BASE
  const signature = signP256(sample, bigEndian(1n))
  for (let i = 0; i < 5_000; i++) {
    expect(node.verifyP256(signature, sample, point.toBytes(true))).toBe(i === 0)
    // The next key: adding is quicker than multiplying.
    point = point.add(p256.Point.BASE)
  }
  expect(node.verifyP256(signature, sample, p256PublicKey(bigEndian(1n)))).toBe(true)
})

interface Vectors {
  testGroups: {
    publicKey: { uncompressed: string }
    tests: { tcId: number; msg: string; sig: string; result: string }[]
  }[]
}
const wycheproof = new URL('../../../shared/data/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json', import.meta.url)

describe.skipIf(!existsSync(wycheproof))('Wycheproof (skipped where ../shared/data/wycheproof is missing)', () => {
  test('every runtime accepts what is valid and has a low s, and nothing else', () => {
    const { testGroups } = JSON.parse(readFileSync(wycheproof, 'utf8')) as Vectors
    const counts = { accepted: 0, highS: 0, refused: 0 }
    for (const { publicKey, tests } of testGroups) {
      const y = Number.parseInt(publicKey.uncompressed.slice(-2), 16)
      const key = Uint8Array.of(2 + (y % 2), ...fromHex(publicKey.uncompressed.slice(2, 66)))
      for (const { tcId, msg, sig, result } of tests) {
        const signature = fromHex(sig)
        const low = signature.length === 64 && scalarOf(signature.subarray(32)) <= groupOrder / 2n
        const valid = result === 'valid' && low
        expect(verify(signature, fromHex(msg), key), `case ${tcId}`).toBe(valid)
        counts[valid ? 'accepted' : result === 'valid' ? 'highS' : 'refused']++
      }
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(10)
  })
})
