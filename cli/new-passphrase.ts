import { KeyError } from '@tallystick/node/keys'
import type { Context } from './context.ts'
import { CliError } from './errors.ts'

/** The passphrase of a new key: from file or environment, else asked for twice. */
export async function newPassphrase({ passphrase, terminal }: Context, path: string): Promise<string> {
  const first = await passphrase(path)
  if (first === undefined || first === '') throw new KeyError('KEY_PASSPHRASE_MISSING', path, 'no passphrase was given')
  const again = await terminal.ask('The same passphrase again: ', { hidden: true })
  if (again !== undefined && again !== first) throw new CliError('VALUE_INVALID', 'the passphrases differ')
  return first
}
