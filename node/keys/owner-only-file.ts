import { randomBytes } from 'node:crypto'
import { constants, link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KeyError } from './errors.ts'

const mayOthersUse = 0o077

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/**
 * Reads a file that only its owner may use. The open file is checked, not its name, so it can't be swapped in between.
 * @param bytesMax - A longer file is refused before it is read.
 * @throws {KeyError} KEY_FILE_MISSING, KEY_FILE_UNREADABLE, KEY_FILE_PERMISSIONS, KEY_FILE_MALFORMED (too long).
 */
export async function readOwnerOnlyFile(path: string, bytesMax: number): Promise<string> {
  const file = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw new KeyError('KEY_FILE_MISSING', path, 'there is no such file')
    throw new KeyError('KEY_FILE_UNREADABLE', path, `the file can not be opened (${codeOf(error)})`)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new KeyError('KEY_FILE_UNREADABLE', path, 'it is not a regular file')
    if ((stat.mode & mayOthersUse) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(3, '0')
      throw new KeyError('KEY_FILE_PERMISSIONS', path, `others may use it (mode ${mode}, wanted 600)`)
    }
    if (stat.size > bytesMax) throw new KeyError('KEY_FILE_MALFORMED', path, `it is longer than ${bytesMax} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

export interface WriteOwnerOnlyOptions {
  /** Replaces an existing file; without it an existing file is an error. */
  readonly replace: boolean
}

/**
 * Writes a file of mode 0600 as a whole or not at all: it is written and synced beside the path, then moved there.
 * Missing folders are made, for the owner only.
 * @throws {KeyError} KEY_FILE_EXISTS if the path is taken and `replace` is false.
 */
export async function writeOwnerOnlyFile(
  path: string,
  text: string,
  { replace }: WriteOwnerOnlyOptions,
): Promise<void> {
  const directory = dirname(path)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    if (replace) await rename(draft, path)
    else await linkNew(draft, path)
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    throw error
  }
  await syncDirectory(directory)
}

/** A link fails where a rename would silently replace. */
async function linkNew(draft: string, path: string): Promise<void> {
  await link(draft, path).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw new KeyError('KEY_FILE_EXISTS', path, 'there is a file already')
    throw error
  })
  await unlink(draft)
}

/** Makes a rename in the folder durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
