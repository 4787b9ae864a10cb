import { readFile } from 'node:fs/promises'
import { removeUnfinished, writeFileAtomic } from './atomic-file.ts'
import { StorageError, systemCode } from './errors.ts'

/**
 * Whether a consensus key has ever reserved views, written beside the keys and not into the data folder: a data folder that is
 * empty or gone is then told from a first start, after which the key would sign a second time what it signed before.
 */
export interface KeyUse {
  readonly isUsed: boolean
  /** Resolves when the use is durable. */
  note(): Promise<void>
}

async function readText(file: string): Promise<string> {
  await removeUnfinished(file)
  return readFile(file, 'latin1')
}

/**
 * Also deletes what a crash within an earlier write left beside the file.
 * @param file - One line of hexadecimal digits for every key that was used.
 * @throws {StorageError} `STORAGE_UNREADABLE`; `note` throws `STORAGE_SYNC_FAILED`.
 */
export async function openKeyUse(file: string, publicKey: Uint8Array): Promise<KeyUse> {
  const own = Buffer.from(publicKey).toString('hex')
  const text = await readText(file).catch((cause: unknown) => {
    if (systemCode(cause) === 'ENOENT') return ''
    throw new StorageError('STORAGE_UNREADABLE', { file, detail: String(systemCode(cause)), cause })
  })
  const isUsed = text.split('\n').includes(own)
  let noted = isUsed
  return {
    isUsed,
    async note() {
      if (noted) return
      await writeFileAtomic(file, new TextEncoder().encode(`${text}${own}\n`), { mode: 0o600 }).catch((cause) => {
        throw new StorageError('STORAGE_SYNC_FAILED', { file, detail: (cause as Error).message, cause })
      })
      noted = true
    },
  }
}
