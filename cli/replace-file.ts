import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'

/**
 * Writes a file that only its owner may read, as a whole or not at all. It is not synced: for what can be fetched or
 * computed again, such as receipts.
 */
export async function replaceFile(path: string, text: string | AsyncIterable<string>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
}
