import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, type KeyErrorCode, type KeyKind, readKeyFile, readPublicKey, writeKeyFile } from './index.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallystick-keys-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

let count = 0
const freshPath = (): string => join(directory, `${count++}.json`)
const failure = (code: KeyErrorCode): object =>
  expect.objectContaining({ name: 'KeyError', code, remedy: expect.any(String) })
const passphrase = (words: string | undefined) => async () => words

async function changed(path: string, change: (file: Record<string, unknown>) => void): Promise<string> {
  const file = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  change(file)
  const target = freshPath()
  await writeFile(target, JSON.stringify(file), { mode: 0o600 })
  return target
}

describe('a key file', () => {
  it.each<KeyKind>(['consensus', 'node', 'member', 'account', 'recovery'])(
    'gives back the %s key that was written',
    async (kind) => {
      const key = createKey(kind)
      const path = freshPath()
      await writeKeyFile(path, key)
      expect(await readKeyFile(path, kind)).toEqual(key)
      expect((await stat(path)).mode & 0o777).toBe(0o600)
      expect(key.derivationSecret?.length).toBe(kind === 'member' ? 32 : undefined)
    },
  )

  it('is encrypted under a passphrase, which stands nowhere in it, nor does the secret', async () => {
    const key = createKey('member')
    const path = freshPath()
    await writeKeyFile(path, key, 'correct horse')
    const text = await readFile(path, 'utf8')
    expect(text).not.toContain(Buffer.from(key.seed).toString('hex'))
    expect(await readKeyFile(path, 'member', passphrase('correct horse'))).toEqual(key)
    await expect(readKeyFile(path, 'member', passphrase('wrong'))).rejects.toEqual(failure('KEY_PASSPHRASE_WRONG'))
    await expect(readKeyFile(path, 'member', passphrase(undefined))).rejects.toEqual(failure('KEY_PASSPHRASE_MISSING'))
    expect(await readPublicKey(path)).toMatchObject({ kind: 'member', encrypted: true })
  })

  it('is never replaced', async () => {
    const path = freshPath()
    const key = createKey('node')
    await writeKeyFile(path, key)
    await expect(writeKeyFile(path, createKey('node'))).rejects.toEqual(failure('KEY_FILE_EXISTS'))
    expect(await readKeyFile(path, 'node')).toEqual(key)
  })

  it.each([0o640, 0o604, 0o620, 0o601])('is refused where others may use it: mode %o', async (mode) => {
    const path = freshPath()
    await writeKeyFile(path, createKey('node'))
    await chmod(path, mode)
    await expect(readKeyFile(path, 'node')).rejects.toEqual(failure('KEY_FILE_PERMISSIONS'))
  })

  it('is refused where it is missing, a folder, of another kind, or no key file', async () => {
    const path = freshPath()
    await expect(readKeyFile(path, 'node')).rejects.toEqual(failure('KEY_FILE_MISSING'))
    await expect(readKeyFile(directory, 'node')).rejects.toEqual(failure('KEY_FILE_UNREADABLE'))
    await writeKeyFile(path, createKey('node'))
    await expect(readKeyFile(path, 'consensus')).rejects.toEqual(failure('KEY_FILE_KIND'))
    const text = freshPath()
    await writeFile(text, '-----BEGIN PRIVATE KEY-----', { mode: 0o600 })
    await expect(readKeyFile(text, 'node')).rejects.toEqual(failure('KEY_FILE_MALFORMED'))
    await writeFile(text, 'x'.repeat(20_000), { mode: 0o600 })
    await expect(readKeyFile(text, 'node')).rejects.toEqual(failure('KEY_FILE_MALFORMED'))
  })

  it('is refused where its secret belongs to another public key, or its kind was changed', async () => {
    const path = freshPath()
    const other = Buffer.from(createKey('node').publicKey).toString('hex')
    await writeKeyFile(path, createKey('node'))
    const mismatched = await changed(path, (file) => {
      file.publicKey = other
    })
    await expect(readKeyFile(mismatched, 'node')).rejects.toEqual(failure('KEY_FILE_MISMATCH'))
    const encrypted = freshPath()
    await writeKeyFile(encrypted, createKey('node'), 'words')
    const relabelled = await changed(encrypted, (file) => {
      file.kind = 'consensus'
    })
    await expect(readKeyFile(relabelled, 'consensus', passphrase('words'))).rejects.toEqual(
      failure('KEY_PASSPHRASE_WRONG'),
    )
  })

  it('can not ask for more memory than its limit', async () => {
    const path = freshPath()
    await writeKeyFile(path, createKey('node'), 'words')
    const greedy = await changed(path, (file) => {
      ;(file.secret as { scrypt: { logN: number } }).scrypt.logN = 30
    })
    await expect(readKeyFile(greedy, 'node', passphrase('words'))).rejects.toEqual(failure('KEY_FILE_MALFORMED'))
  })
})
