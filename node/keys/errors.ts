/** What can be wrong with a key file, what happened and what to do about it. */
export const keyProblems = {
  KEY_FILE_MISSING: 'Check the path, or create the key with `tallystick keys new`.',
  KEY_FILE_EXISTS: 'Choose another path: a key is never overwritten.',
  KEY_FILE_UNREADABLE: 'Give the user that runs this command the right to read the file.',
  KEY_FILE_PERMISSIONS: 'Run `chmod 600` on the file. If others could read it, replace the key.',
  KEY_FILE_MALFORMED: 'Restore the file from a backup; it was changed or cut off.',
  KEY_FILE_KIND: 'Name the key file of the wanted kind.',
  KEY_FILE_MISMATCH: 'Restore the file from a backup: its secret does not belong to its public key.',
  KEY_PASSPHRASE_MISSING: 'Set TALLYSTICK_PASSPHRASE or TALLYSTICK_PASSPHRASE_FILE, or run the command in a terminal.',
  KEY_PASSPHRASE_WRONG: 'Enter the passphrase that the key was encrypted with.',
} as const

export type KeyErrorCode = keyof typeof keyProblems

/** A key file that can't be used; `path` is the file. Never carries a secret. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
  readonly code: KeyErrorCode
  readonly path: string
  readonly remedy: string

  constructor(code: KeyErrorCode, path: string, detail: string) {
    super(`${path}: ${detail}`)
    this.code = code
    this.path = path
    this.remedy = keyProblems[code]
  }
}
