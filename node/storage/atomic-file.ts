import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** Makes what happened to a folder's entries (made, renamed, deleted) durable. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows has no handle for a folder's entries; there the file system's own journal must do.
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder with all above it that are missing; each is durable in the one that holds it. */
export async function makeDirectory(path: string): Promise<void> {
  const absolute = resolve(path)
  const highest = await mkdir(absolute, { recursive: true })
  if (highest === undefined) return
  for (let made = absolute; made.length >= highest.length; made = dirname(made)) await syncDirectory(dirname(made))
}

/** The bytes of a file as a plain array: slices of a `Buffer` would share its memory. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const { buffer, byteOffset, length } = await readFile(path)
  return new Uint8Array(buffer, byteOffset, length)
}

/** Writes all of it, or throws; a short write (a full disk) is an error. */
export async function writeFully(handle: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let wanted = 0
  for (const chunk of chunks) wanted += chunk.length
  if (wanted === 0) return
  const { bytesWritten } = await handle.writev(chunks, position)
  if (bytesWritten !== wanted) throw new Error(`only ${bytesWritten} of ${wanted} bytes were written`)
}

/** What the name of an unfinished replacement has behind the name of its file. */
const temporaryEnding = /^\.[0-9a-f]{12}\.tmp$/

/** Deletes what crashes within `writeFileAtomic` left beside a file. Only for who alone writes it: call it under the home's lock. */
export async function removeUnfinished(path: string): Promise<void> {
  const [directory, name] = [dirname(path), basename(path)]
  for (const entry of await readdir(directory)) {
    if (!entry.startsWith(name) || !temporaryEnding.test(entry.slice(name.length))) continue
    await rm(join(directory, entry), { force: true })
  }
}

/**
 * Replaces a file as a whole: after a crash it holds the old bytes or the new ones, and after the promise resolves the
 * new ones are durable.
 * @param options.mode - The file's permissions; 0o600 for keys. 0o644 by default.
 */
export async function writeFileAtomic(
  path: string,
  chunks: Uint8Array | readonly Uint8Array[],
  options: { readonly mode?: number } = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(temporary, 'wx', options.mode ?? 0o644)
    try {
      await writeFully(handle, chunks instanceof Uint8Array ? [chunks] : chunks, 0)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}
