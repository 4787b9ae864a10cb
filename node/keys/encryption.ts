import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { authenticationTagBytes, type KeyFile, nonceBytes, saltBytes } from './key-file-form.ts'

export type EncryptedSecret = Extract<KeyFile['secret'], { kind: 'encrypted' }>

/** OWASP's recommendation for scrypt: N = 2^17, r = 8, p = 1, about 128 MiB and a third of a second. */
const scryptDefault = { logN: 17, r: 8, p: 1 }

function keyOf(passphrase: string, salt: Uint8Array, { logN, r, p }: EncryptedSecret['scrypt']): Promise<Buffer> {
  const N = 2 ** logN
  const options = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1_048_576 }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** @param associated - What the secret is bound to: a file whose public fields were changed does not decrypt. */
export async function encryptSecret(
  secret: Uint8Array,
  passphrase: string,
  associated: Uint8Array,
): Promise<EncryptedSecret> {
  const salt = new Uint8Array(randomBytes(saltBytes))
  const nonce = new Uint8Array(randomBytes(nonceBytes))
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, scryptDefault), nonce)
  cipher.setAAD(associated)
  const body = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return { kind: 'encrypted', scrypt: scryptDefault, salt, nonce, ciphertext: new Uint8Array(body) }
}

/** @returns the secret, or `undefined` if the passphrase is wrong or the file was changed. */
export async function decryptSecret(
  { scrypt: parameters, salt, nonce, ciphertext }: EncryptedSecret,
  passphrase: string,
  associated: Uint8Array,
): Promise<Uint8Array | undefined> {
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, salt, parameters), nonce)
  const end = ciphertext.length - authenticationTagBytes
  decipher.setAAD(associated)
  decipher.setAuthTag(ciphertext.subarray(end))
  const secret = decipher.update(ciphertext.subarray(0, end))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return new Uint8Array(secret)
}
