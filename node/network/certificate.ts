import { createPrivateKey, type KeyObject, sign, type X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { ed25519PublicKey } from '@tallystick/core/crypto'

/** RFC 8410: the same object identifier for the key and the signature. */
const ed25519 = (): AlgorithmIdentifier => new AlgorithmIdentifier({ algorithm: '1.3.101.112' })
const commonName = '2.5.4.3'
/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410 §7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface Identity {
  readonly publicKey: Uint8Array
  readonly privateKey: KeyObject
  /** PEM. */
  readonly certificate: string
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

/**
 * A self-signed X.509 certificate around a node key, since TLS wants one. Peers look at nothing but the public key, which they
 * know beforehand; the name says what it is, and the dates say "for ever" (RFC 5280 §4.1.2.5) and are ignored.
 * @param seed - The Ed25519 seed, 32 bytes.
 */
export function createIdentity(seed: Uint8Array): Identity {
  const publicKey = ed25519PublicKey(seed)
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  const value = new AttributeValue({ utf8String: 'tallystick node' })
  const name = new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: commonName, value })])])
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: exactBuffer(Uint8Array.of(1)),
    signature: ed25519(),
    issuer: name,
    validity: new Validity({ notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('9999-12-31T23:59:59Z') }),
    subject: name,
    subjectPublicKeyInfo: new SubjectPublicKeyInfo({ algorithm: ed25519(), subjectPublicKey: exactBuffer(publicKey) }),
  })
  const signature = sign(null, new Uint8Array(AsnConvert.serialize(tbsCertificate)), privateKey)
  const der = AsnConvert.serialize(
    new Certificate({ tbsCertificate, signatureAlgorithm: ed25519(), signatureValue: exactBuffer(signature) }),
  )
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
  return { publicKey, privateKey, certificate }
}

/** The Ed25519 key of a peer's certificate; `undefined` for another kind of key or none. */
export function publicKeyOf(certificate: X509Certificate | undefined): Uint8Array | undefined {
  if (certificate?.publicKey.asymmetricKeyType !== 'ed25519') return undefined
  const { x } = certificate.publicKey.export({ format: 'jwk' })
  return x === undefined ? undefined : new Uint8Array(Buffer.from(x, 'base64url'))
}
