import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../codec/index.ts'
import { frozenVectors } from '../codec/testing/frozen-file.ts'
import { ed25519PublicKey, isAcceptablePublicKey, signEd25519, verifyEd25519 } from './index.ts'
import { agreed, runtimes } from './testing/both-runtimes.ts'
import { type EdgeCase, makeEdgeCases, makeEdgeKeys } from './testing/ed25519-edge-cases.ts'

const verify = (publicKey: string, message: string, signature: string): boolean =>
  agreed((runtime) => runtime.verifyEd25519(fromHex(signature), fromHex(message), fromHex(publicKey)))

describe('RFC 8032, section 7.1: every runtime makes and accepts the signatures', () => {
  const cases = [
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature:
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    },
  ]
  test.each(cases)('seed $seed', ({ seed, publicKey, message, signature }) => {
    for (const runtime of runtimes) {
      expect(toHex(runtime.ed25519PublicKey(fromHex(seed)))).toBe(publicKey)
      expect(toHex(runtime.signEd25519(fromHex(message), fromHex(seed)))).toBe(signature)
    }
    expect(verify(publicKey, message, signature)).toBe(true)
    expect(verifyEd25519(fromHex(signature), fromHex(message), fromHex(publicKey))).toBe(true)
  })
})

type Frozen = EdgeCase & { valid: boolean }

describe('edge cases in which libraries disagree', () => {
  const made = makeEdgeCases()
  const frozen = frozenVectors<Frozen>('ed25519-edge-cases.json', () =>
    made.map((one) => ({ ...one, valid: verify(one.publicKey, one.message, one.signature) })),
  )

  test('the frozen file holds the cases as they are made, each once', () => {
    expect(frozen.map(({ valid: _, ...one }) => one)).toEqual(made)
    expect(new Set(frozen.map(({ name }) => name)).size).toBe(frozen.length)
  })

  test('every runtime gives the frozen verdict', () => {
    for (const { name, publicKey, message, signature, valid } of frozen) {
      expect(verify(publicKey, message, signature), name).toBe(valid)
    }
  })

  test('the verdicts follow the rule: canonical, no small order, the equation without the cofactor', () => {
    for (const { name, valid } of frozen) {
      const ordinary = /^(a message of|S canonical)/.test(name)
      const mixed = /^(key|R|key and R) plus/.test(name) && name.endsWith('the equation holds')
      expect(valid, name).toBe(ordinary || mixed)
    }
  })
})

test('keys of small or mixed order and non-canonical ones are refused at registration', () => {
  for (const { name, bytes } of makeEdgeKeys()) {
    expect(
      agreed((runtime) => runtime.isPrimeOrderEd25519Key(bytes)),
      name,
    ).toBe(name === 'ordinary')
    expect(isAcceptablePublicKey('ed25519', bytes)).toBe(name === 'ordinary')
  }
  expect(isAcceptablePublicKey('ed25519', new Uint8Array(31))).toBe(false)
})

test('random keys: every runtime takes on the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
      agreed((runtime) => runtime.isPrimeOrderEd25519Key(key))
    }),
    { numRuns: 200 },
  )
})

interface Vectors {
  testGroups: {
    publicKey: { pk: string }
    tests: { tcId: number; msg: string; sig: string; result: string }[]
  }[]
}
const wycheproof = new URL('../../../shared/data/wycheproof/ed25519_test.json', import.meta.url)

describe.skipIf(!existsSync(wycheproof))('Wycheproof (skipped where ../shared/data/wycheproof is missing)', () => {
  test('every runtime gives the verdict of every case', () => {
    const { testGroups } = JSON.parse(readFileSync(wycheproof, 'utf8')) as Vectors
    let count = 0
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        expect(verify(publicKey.pk, msg, sig), `case ${tcId}`).toBe(result === 'valid')
        count++
      }
    }
    expect(count).toBeGreaterThan(100)
  })
})

test('random mutations: every runtime gives the same verdict, and it is no', () => {
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const bit = fc.nat({ max: 1023 })
  fc.assert(
    fc.property(seed, fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0, 1, 2), bit, (secret, message, part, at) => {
      const parts = [signEd25519(message, secret), message.slice(), ed25519PublicKey(secret)] as const
      const check = () => agreed((runtime) => runtime.verifyEd25519(...parts))
      expect(check()).toBe(true)
      const target = parts[part]
      if (target.length === 0) return
      target[(at >> 3) % target.length]! ^= 1 << (at & 7)
      expect(check()).toBe(false)
    }),
    { numRuns: 150, endOnFailure: true },
  )
})

test('signatures of random mixed-order keys: every runtime gives the same verdict', () => {
  const cases = makeEdgeCases().filter(({ name }) => name.includes('plus small-order'))
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.uint8Array({ minLength: 1, maxLength: 2 }), (one, message) => {
      verify(one.publicKey, toHex(message), one.signature)
    }),
    { numRuns: 100 },
  )
})

test('error: a seed of another length', () => {
  expect(() => signEd25519(new Uint8Array(1), new Uint8Array(31))).toThrow(RangeError)
  expect(() => ed25519PublicKey(new Uint8Array(33))).toThrow(RangeError)
})
