import { resolve } from 'node:path'
import { keyFromSecret, readOwnerOnlyFile, writeKeyFile } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { newPassphrase } from '../new-passphrase.ts'
import { choiceOption, hexOption } from '../option-values.ts'
import { keyKinds } from './keys-new.ts'

const secretTextBytesMax = 256

export function keysImportCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'import <secret-file> <file>',
    summary: 'make a key file from a secret in hexadecimal, which stands in an owner-only file',
    example: 'keys import --kind member secret.hex .tallystick/keys/members/my-bank.json',
  }
  interface Options {
    readonly kind: string
    readonly encrypt?: boolean
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, source, file) => {
    const { cwd } = context.terminal
    const kind = choiceOption('--kind', options.kind, keyKinds)
    const text = (await readOwnerOnlyFile(resolve(cwd, source ?? ''), secretTextBytesMax)).trim()
    const bytes = kind === 'member' ? 64 : 32
    // The text is a secret, so an error must not repeat it.
    const isRight = text.length === bytes * 2 && /^[0-9a-f]*$/.test(text)
    const key = keyFromSecret(kind, hexOption(`the secret of a ${kind} key`, isRight ? text : '', bytes))
    const path = resolve(cwd, file ?? '')
    await writeKeyFile(path, key, options.encrypt === true ? await newPassphrase(context, path) : undefined)
    const publicKey = Buffer.from(key.publicKey).toString('hex')
    context.output.result({ path, kind, publicKey }, [`${kind} key in ${path}`, `public key ${publicKey}`])
  })
    .option('--kind <kind>', keyKinds.join(', '), 'account')
    .option('--encrypt', 'encrypt it under a passphrase')
}
