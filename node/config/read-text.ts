import { open } from 'node:fs/promises'
import { ConfigError, type ConfigErrorCode } from './errors.ts'

/**
 * Reads a file that anybody may read, up to a length.
 * @throws {ConfigError} with the code for a missing, an unreadable or a too long file.
 */
export async function readText(
  path: string,
  bytesMax: number,
  codes: {
    readonly missing: ConfigErrorCode
    readonly unreadable: ConfigErrorCode
    readonly malformed: ConfigErrorCode
  },
): Promise<string> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ConfigError(codes.missing, path, 'there is no such file')
    throw new ConfigError(codes.unreadable, path, `the file can not be opened (${error.code})`)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new ConfigError(codes.unreadable, path, 'it is not a regular file')
    if (stat.size > bytesMax) throw new ConfigError(codes.malformed, path, `it is longer than ${bytesMax} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
