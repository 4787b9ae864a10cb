import { createHash, createPrivateKey, sign } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { describe, expect, test } from 'vitest'
import { encode, fromHex, toHex } from '../../codec/index.ts'
import { expectFrozen } from '../../codec/testing/freeze.ts'
import { frozenVectors } from '../../codec/testing/frozen-file.ts'
import {
  base64Url,
  isAcceptablePublicKey,
  p256PublicKey,
  signP256,
  verifySignature,
  webauthnAssertion,
  webauthnSignatureOf,
} from '../index.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))

const secret = fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721')
const message = sha256(utf8('what is signed'))
const rpIdHash = sha256(utf8('bank.example'))
const publicKey = joined(p256PublicKey(secret), rpIdHash)

interface Forms {
  rpIdHash: Uint8Array
  flags: number
  counter: Uint8Array
  surplus: Uint8Array
  clientData: string
}
const challenge = base64Url(message)
const start = `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://bank.example"`
/** As Chrome writes it for a page of the relying party. */
const chrome = `${start},"crossOrigin":false}`
const ordinary: Forms = {
  rpIdHash,
  flags: 0x1d,
  counter: new Uint8Array(4),
  surplus: new Uint8Array(0),
  clientData: chrome,
}

/** Signs whatever the forms are, so that only the verifier's own checks can refuse it. */
function assertion(change: Partial<Forms>): Uint8Array {
  const forms = { ...ordinary, ...change }
  const authenticatorData = joined(forms.rpIdHash, Uint8Array.of(forms.flags), forms.counter, forms.surplus)
  const clientDataJson = utf8(forms.clientData)
  const signature = signP256(joined(authenticatorData, sha256(clientDataJson)), secret)
  return encode(webauthnAssertion, { authenticatorData, clientDataJson, signature })
}
const accepts = (signature: Uint8Array, key = publicKey, of = message) =>
  verifySignature('webauthn-p256', key, of, signature)

const accepted: [string, Partial<Forms>][] = [
  ['a page of the relying party (Chrome, Firefox, Safari)', {}],
  ['without crossOrigin (apps on iOS)', { clientData: `${start}}` }],
  ['with a further member after crossOrigin', { clientData: `${start},"crossOrigin":false,"other_keys":"x {}"}` }],
  [
    'with a further member, without crossOrigin (apps on Android)',
    { clientData: `${start},"androidPackageName":"a.b"}` },
  ],
  ['user present, not verified (a security key without PIN)', { flags: 0x01 }],
  ['a counter', { counter: Uint8Array.of(0, 0, 1, 9) }],
  ['extensions, announced by their flag', { flags: 0x81, surplus: Uint8Array.of(0xa0) }],
]

describe('accepted', () => {
  test.each(accepted)('%s', (_, change) => {
    expect(accepts(assertion(change))).toBe(true)
  })

  test('an assertion as an authenticator gives it: DER from OpenSSL, its s high or low', () => {
    const [, x, y] = /^04(.{64})(.{64})$/.exec(Buffer.from(p256.getPublicKey(secret, false)).toString('hex'))!
    const url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url')
    const jwk = { kty: 'EC', crv: 'P-256', x: url(x!), y: url(y!), d: Buffer.from(secret).toString('base64url') }
    const key = createPrivateKey({ key: jwk, format: 'jwk' })
    for (let i = 0; i < 20; i++) {
      const authenticatorData = joined(rpIdHash, Uint8Array.of(0x1d, 0, 0, 0, i))
      const clientDataJson = utf8(chrome)
      const signature = new Uint8Array(sign('sha256', joined(authenticatorData, sha256(clientDataJson)), key))
      expect(accepts(webauthnSignatureOf({ authenticatorData, clientDataJson, signature }))).toBe(true)
    }
  })
})

const refused: [string, Partial<Forms>][] = [
  ['another type', { clientData: chrome.replace('webauthn.get', 'webauthn.create') }],
  ['another challenge', { clientData: chrome.replace(challenge, base64Url(rpIdHash)) }],
  ['a padded challenge', { clientData: chrome.replace(challenge, `${challenge}=`) }],
  ['a page in a frame of another origin', { clientData: `${start},"crossOrigin":true}` }],
  ['the same, with the top origin', { clientData: `${start},"crossOrigin":true,"topOrigin":"https://x.example"}` }],
  ['a top origin', { clientData: `${start},"crossOrigin":false,"topOrigin":"https://x.example"}` }],
  ['crossOrigin further behind', { clientData: `${start},"a":1,"crossOrigin":true}` }],
  ['crossOrigin twice', { clientData: `${start},"crossOrigin":false,"crossOrigin":true}` }],
  [
    'members in another order',
    { clientData: chrome.replace(/^(.)("type":"webauthn.get"),("challenge":"[^"]*")/, '$1$3,$2') },
  ],
  ['white space', { clientData: chrome.replace(',', ', ') }],
  ['a byte order mark', { clientData: `\ufeff${chrome}` }],
  ['bytes behind the end', { clientData: `${chrome} ` }],
  ['no end', { clientData: chrome.slice(0, -1) }],
  ['a comma and nothing behind it', { clientData: `${start},` }],
  ['no origin', { clientData: chrome.replace('https://bank.example', '') }],
  ['an escape in the origin', { clientData: chrome.replace('https://', 'https:\\/\\/') }],
  ['no JSON', { clientData: 'webauthn.get' }],
  ['nothing', { clientData: '' }],
  ['another relying party', { rpIdHash: sha256(utf8('evil.example')) }],
  ['no user present', { flags: 0x1c }],
  ['attested credential data', { flags: 0x41, surplus: new Uint8Array(20) }],
  ['a backup state without eligibility', { flags: 0x11 }],
  ['extensions without their flag', { surplus: Uint8Array.of(0xa0) }],
  ['the flag of extensions without any', { flags: 0x81 }],
  ['a short counter', { counter: new Uint8Array(3) }],
]

describe('refused, though the signature over it is right', () => {
  test.each(refused)('%s', (_, change) => {
    expect(accepts(assertion(change))).toBe(false)
  })
})

test('the vectors of spec/vectors/webauthn.json are these cases', () => {
  const [key, of] = [toHex(publicKey), toHex(message)]
  const made = [...accepted, ...refused].map(([name, change], i) => {
    return { name, publicKey: key, message: of, signature: toHex(assertion(change)), valid: i < accepted.length }
  })
  expect(frozenVectors('webauthn.json', () => made)).toEqual(made)
  expectFrozen('crypto/webauthn-assertion', webauthnAssertion)
})

test('refused: another message or key, a high s, and every changed byte of an assertion', () => {
  const good = assertion({})
  expect(accepts(good)).toBe(true)
  expect(accepts(good, publicKey, rpIdHash)).toBe(false)
  expect(accepts(good, joined(p256PublicKey(fromHex('01'.repeat(32))), rpIdHash))).toBe(false)
  expect(accepts(good, publicKey.slice(0, 33))).toBe(false)
  const order = p256.Point.Fn.ORDER
  const s = BigInt(`0x${Buffer.from(good.slice(-32)).toString('hex')}`)
  const twin = fromHex((order - s).toString(16).padStart(64, '0'))
  expect(accepts(joined(good.slice(0, -32), twin))).toBe(false)
  for (let i = 0; i < good.length; i++) {
    const changed = good.slice()
    changed[i]! ^= 1
    expect(accepts(changed), `byte ${i}`).toBe(false)
  }
  expect(accepts(joined(good, Uint8Array.of(0)))).toBe(false)
  expect(accepts(new Uint8Array(0))).toBe(false)
})

test('a key is a point and the hash of the relying party', () => {
  expect(isAcceptablePublicKey('webauthn-p256', publicKey)).toBe(true)
  expect(isAcceptablePublicKey('webauthn-p256', publicKey.slice(0, 33))).toBe(false)
  expect(isAcceptablePublicKey('webauthn-p256', joined(publicKey, Uint8Array.of(0)))).toBe(false)
  expect(isAcceptablePublicKey('webauthn-p256', joined(Uint8Array.of(5), publicKey.slice(1)))).toBe(false)
})

test('base64Url is that of RFC 4648', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = sha256(Uint8Array.of(length)).slice(0, length)
    expect(base64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
  }
})

test('error: a signature that is no DER', () => {
  const response = { authenticatorData: new Uint8Array(37), clientDataJson: new Uint8Array(2) }
  const wrong = [
    '',
    '30',
    '3000',
    '3006020101020100',
    '300602018102010',
    '30060201010201',
    '3007020101020101',
    '3106020101020101',
  ]
  for (const hex of [...wrong.filter((one) => one.length % 2 === 0), '30060201810201ff', '300702010102010100']) {
    expect(() => webauthnSignatureOf({ ...response, signature: fromHex(hex) }), hex).toThrow(RangeError)
  }
  expect(webauthnSignatureOf({ ...response, signature: fromHex('3006020101020101') })).toHaveLength(4 + 37 + 4 + 2 + 64)
})
