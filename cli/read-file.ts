import { open } from 'node:fs/promises'
import { CliError } from './errors.ts'

/**
 * Reads a text file that the user named.
 * @throws {CliError} FILE_UNREADABLE if it is missing, unreadable, no file, or longer than `bytesMax`.
 */
export async function readTextFile(path: string, bytesMax: number): Promise<string> {
  const refuse = (why: string): CliError => new CliError('FILE_UNREADABLE', `${path}: ${why}`, { path })
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? 'there is no such file' : `it can not be opened (${error.code})`)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw refuse('it is not a regular file')
    if (stat.size > bytesMax) throw refuse(`it is longer than ${bytesMax} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
