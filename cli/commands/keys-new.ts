import { resolve } from 'node:path'
import { createKey, type KeyKind, writeKeyFile } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { newPassphrase } from '../new-passphrase.ts'
import { choiceOption } from '../option-values.ts'

export const keyKinds: readonly KeyKind[] = ['account', 'member', 'node', 'consensus', 'recovery']

export function keysNewCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'new <file>',
    summary: 'make a key in a new file of mode 600; never overwrites one',
    example: 'keys new --kind account --encrypt .tallystick/keys/accounts/mine.json',
  }
  defineCommand<{ readonly kind: string; readonly encrypt?: boolean }>(
    parent,
    runtime,
    shape,
    async (context, options, file) => {
      const kind = choiceOption('--kind', options.kind, keyKinds)
      const path = resolve(context.terminal.cwd, file ?? '')
      const key = createKey(kind)
      const passphrase = options.encrypt === true ? await newPassphrase(context, path) : undefined
      await writeKeyFile(path, key, passphrase)
      const publicKey = Buffer.from(key.publicKey).toString('hex')
      context.output.result({ path, kind, publicKey, encrypted: passphrase !== undefined }, [
        `${kind} key in ${path}`,
        `public key ${publicKey}`,
      ])
    },
  )
    .option('--kind <kind>', keyKinds.join(', '), 'account')
    .option('--encrypt', 'encrypt it under a passphrase')
}
