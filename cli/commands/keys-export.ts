import { resolve } from 'node:path'
import { readKeyFile, readPublicKey, secretOfKey, writeOwnerOnlyFile } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'

export function keysExportCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'export <file>',
    summary: 'print the public key, or write the secret to an owner-only file for another machine',
    example: 'keys export .tallystick/keys/members/alpine-bank.json --secret-to alpine.hex',
  }
  defineCommand<{ readonly secretTo?: string }>(parent, runtime, shape, async (context, options, file) => {
    const { terminal, output, passphrase } = context
    const path = resolve(terminal.cwd, file ?? '')
    const { kind, publicKey: key } = await readPublicKey(path)
    const publicKey = Buffer.from(key).toString('hex')
    if (options.secretTo === undefined) {
      output.result({ path, kind, publicKey }, [publicKey])
      return
    }
    const target = resolve(terminal.cwd, options.secretTo)
    const secret = Buffer.from(secretOfKey(await readKeyFile(path, kind, passphrase))).toString('hex')
    await writeOwnerOnlyFile(target, `${secret}\n`, { replace: false })
    output.result({ path, kind, publicKey, secret: target }, [`the secret is in ${target}: keep it safe, or delete it`])
  }).option('--secret-to <file>', 'new file for the secret in hexadecimal')
}
