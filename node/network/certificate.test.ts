import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { ed25519PublicKey } from '@tallystick/core/crypto'
import { expect, test } from 'vitest'
import { createIdentity, publicKeyOf } from './certificate.ts'

const seed = new Uint8Array(32).map((_, i) => i)

test('the certificate holds the node key, signs itself, and never ends', () => {
  const { certificate, publicKey } = createIdentity(seed)
  const x509 = new X509Certificate(certificate)
  expect(publicKey).toEqual(ed25519PublicKey(seed))
  expect(publicKeyOf(x509)).toEqual(publicKey)
  expect(x509.verify(x509.publicKey)).toBe(true)
  expect(x509.validTo).toBe('Dec 31 23:59:59 9999 GMT')
  expect(x509.subject).toBe('CN=tallystick node')
})

test('the same key makes the same certificate', () => {
  expect(createIdentity(seed).certificate).toBe(createIdentity(seed).certificate)
})

test('no certificate, or none with an Ed25519 key, names nobody', () => {
  expect(publicKeyOf(undefined)).toBeUndefined()
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  expect(publicKeyOf({ publicKey } as X509Certificate)).toBeUndefined()
})
