import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { KeyError, readPublicKey } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { table } from '../output/table.ts'

interface ListedKey {
  readonly path: string
  readonly kind?: string
  readonly publicKey?: string
  readonly encrypted?: boolean
  readonly error?: string
}

async function describe(home: string, path: string): Promise<ListedKey> {
  const shown = relative(home, path)
  try {
    const { kind, publicKey, encrypted } = await readPublicKey(path)
    return { path: shown, kind, publicKey: Buffer.from(publicKey).toString('hex'), encrypted }
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    return { path: shown, error: error.code }
  }
}

export function keysListCommand(parent: Command, runtime: Runtime): void {
  const shape = { name: 'list', summary: 'list the key files under HOME/keys', example: 'keys list --json' }
  defineCommand(parent, runtime, shape, async ({ home, output }) => {
    const root = join(home, 'keys')
    const names = await readdir(root, { recursive: true }).catch(() => [])
    const paths = names.filter((name) => name.endsWith('.json')).sort()
    const keys: ListedKey[] = []
    for (const name of paths) keys.push(await describe(home, join(root, name)))
    output.result({ home, keys }, [
      ...table(
        keys.map(({ path, kind, publicKey, encrypted, error }) => [
          path,
          error ?? kind ?? '',
          publicKey ?? '',
          encrypted === true ? 'encrypted' : '',
        ]),
      ),
      `${keys.length} keys`,
    ])
  })
}
