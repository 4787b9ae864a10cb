import { readOwnerOnlyFile } from './owner-only-file.ts'

/** Gives the passphrase of a key file, or `undefined` where there is none to be had. */
export type PassphraseSource = (path: string) => Promise<string | undefined>

const passphraseBytesMax = 4_096

/**
 * The passphrase from TALLYSTICK_PASSPHRASE, or from the owner-only file that TALLYSTICK_PASSPHRASE_FILE names (its
 * first line).
 */
export const environmentPassphrase: PassphraseSource = async () => {
  const direct = process.env.TALLYSTICK_PASSPHRASE
  if (direct !== undefined && direct !== '') return direct
  const file = process.env.TALLYSTICK_PASSPHRASE_FILE
  if (file === undefined || file === '') return undefined
  return readPassphraseFile(file)
}

/** The first line of an owner-only file. @throws {KeyError} as `readOwnerOnlyFile`. */
export async function readPassphraseFile(path: string): Promise<string | undefined> {
  const text = await readOwnerOnlyFile(path, passphraseBytesMax)
  const line = text.split(/\r?\n/, 1)[0]
  return line === '' ? undefined : line
}
