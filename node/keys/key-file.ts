import { CodecError, decodeJson, encode, encodeJsonText, equalBytes } from '@tallystick/core/codec'
import { decryptSecret, encryptSecret } from './encryption.ts'
import { KeyError } from './errors.ts'
import { type Key, keyFromSecret, secretOfKey } from './key.ts'
import { type KeyFile, type KeyKind, keyFileCodec, keyKind, type PublicFields, publicFields } from './key-file-form.ts'
import { readOwnerOnlyFile, writeOwnerOnlyFile } from './owner-only-file.ts'
import { environmentPassphrase, type PassphraseSource } from './passphrase.ts'

const keyFileBytesMax = 16_384

function associatedData({ version, kind, scheme, publicKey }: PublicFields): Uint8Array {
  return encode(publicFields, { version, kind, scheme, publicKey })
}

function parse(path: string, text: string): KeyFile {
  try {
    const json: unknown = JSON.parse(text)
    const kind = decodeJson(
      keyKind,
      typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined,
    )
    return decodeJson(keyFileCodec(kind), json)
  } catch (error) {
    // The parser's own message may quote the file, and so the secret.
    const detail = error instanceof CodecError ? error.message : 'it is not JSON'
    throw new KeyError('KEY_FILE_MALFORMED', path, detail)
  }
}

async function secretIn(path: string, file: KeyFile, passphrase: PassphraseSource): Promise<Uint8Array> {
  if (file.secret.kind === 'plain') return file.secret.secret
  const words = await passphrase(path)
  if (words === undefined) throw new KeyError('KEY_PASSPHRASE_MISSING', path, 'the key is encrypted')
  const secret = await decryptSecret(file.secret, words, associatedData(file))
  if (secret === undefined) {
    throw new KeyError('KEY_PASSPHRASE_WRONG', path, 'the passphrase does not open it, or the file was changed')
  }
  return secret
}

/** What a key file says without its secret. @throws {KeyError} as `readKeyFile`, save for the passphrase. */
export async function readPublicKey(path: string): Promise<PublicFields & { readonly encrypted: boolean }> {
  const { version, kind, scheme, publicKey, secret } = parse(path, await readOwnerOnlyFile(path, keyFileBytesMax))
  return { version, kind, scheme, publicKey, encrypted: secret.kind === 'encrypted' }
}

/**
 * Reads a key and checks that its secret belongs to its public key.
 * @param wanted - The kind that the caller needs.
 * @param passphrase - Asked only if the file is encrypted.
 * @throws {KeyError} with the code of what is wrong.
 */
export async function readKeyFile(
  path: string,
  wanted: KeyKind,
  passphrase: PassphraseSource = environmentPassphrase,
): Promise<Key> {
  const file = parse(path, await readOwnerOnlyFile(path, keyFileBytesMax))
  if (file.kind !== wanted) {
    throw new KeyError('KEY_FILE_KIND', path, `it is a key of kind ${file.kind}, wanted is ${wanted}`)
  }
  const key = keyFromSecret(file.kind, await secretIn(path, file, passphrase))
  if (!equalBytes(key.publicKey, file.publicKey)) {
    throw new KeyError('KEY_FILE_MISMATCH', path, 'its secret gives another public key')
  }
  return key
}

/**
 * Writes a key to a new file of mode 0600, encrypted if there is a passphrase. An existing file is never replaced.
 * @throws {KeyError} KEY_FILE_EXISTS
 */
export async function writeKeyFile(path: string, key: Key, passphrase?: string): Promise<void> {
  const shown: PublicFields = { version: 1, kind: key.kind, scheme: key.scheme, publicKey: key.publicKey }
  const secret = secretOfKey(key)
  const stored: KeyFile['secret'] =
    passphrase === undefined
      ? { kind: 'plain', secret }
      : await encryptSecret(secret, passphrase, associatedData(shown))
  await writeOwnerOnlyFile(path, encodeJsonText(keyFileCodec(key.kind), { ...shown, secret: stored }), {
    replace: false,
  })
}
