import {
  bytes32,
  type Codec,
  enumeration,
  fixedBytes,
  type Infer,
  refined,
  struct,
  u8,
  variant,
  version,
} from '@tallystick/core/codec'

/** What a key is for. A key of one kind is never taken for another. */
export const keyKind = enumeration({ consensus: 1, node: 2, member: 3, account: 4, recovery: 5 })
export type KeyKind = Infer<typeof keyKind>

export const saltBytes = 16
export const nonceBytes = 12
export const authenticationTagBytes = 16

/** At most 2^20 × 8 × 128 bytes = 1 GiB, so that a file can't take a node's memory. */
const scryptLogNMax = 20

const scryptParameters = refined(struct({ logN: u8, r: u8, p: u8 }), ({ logN, r, p }) => {
  if (logN < 14 || logN > scryptLogNMax) return `logN lies in 14..${scryptLogNMax}`
  if (r !== 8) return 'r is 8'
  return p >= 1 && p <= 4 ? undefined : 'p lies in 1..4'
})

/** Secrets as bytes: the Ed25519 seed, and for members the secret of references and salts behind it. */
const secretOf = (length: 32 | 64) => {
  const secret = fixedBytes(length)
  return variant({
    plain: [1, struct({ secret })],
    /** AES-256-GCM under a key by scrypt (RFC 7914); the public fields of the file are the associated data. */
    encrypted: [
      2,
      struct({
        scrypt: scryptParameters,
        salt: fixedBytes(saltBytes),
        nonce: fixedBytes(nonceBytes),
        ciphertext: fixedBytes(length + authenticationTagBytes),
      }),
    ],
  })
}

/** The fields that everybody may know; their encoding is authenticated together with the secret. */
export const publicFields = struct({
  version: version(1),
  kind: keyKind,
  scheme: enumeration({ ed25519: 1 }),
  publicKey: bytes32,
})
export type PublicFields = Infer<typeof publicFields>

const file = <L extends 32 | 64>(length: L) =>
  struct({
    version: version(1),
    kind: keyKind,
    scheme: enumeration({ ed25519: 1 }),
    publicKey: bytes32,
    secret: secretOf(length),
  })

const signingKeyFile = file(32)
const memberKeyFile = file(64)
export type KeyFile = Infer<typeof signingKeyFile>

/** The codec of a kind's file: a member's holds 64 bytes, every other 32. */
export function keyFileCodec(kind: KeyKind): Codec<KeyFile> {
  return kind === 'member' ? memberKeyFile : signingKeyFile
}
