import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toHex } from '@tallystick/core/codec'
import type { Command } from 'commander'
import { buildFile } from '../contracts/build-file.ts'
import { manifestRows } from '../contracts/schema-text.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { table } from '../output/table.ts'

/** What `--out` writes, by the names of the files. */
const outputs = { script: 'contract.js', sourceMap: 'contract.js.map', source: 'source.json' } as const

export function contractBuildCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'build [file]',
    summary: 'build a contract, and say what would be deployed',
    example: 'contract build contract.ts --out build',
  }
  defineCommand<{ readonly out?: string }>(parent, runtime, shape, async (context, options, file = '') => {
    const { terminal, output } = context
    const { built, manifest, code, fuel, tookMs } = await buildFile(resolve(terminal.cwd, file || 'contract.ts'))
    const bytes = {
      script: Buffer.byteLength(built.script),
      sourceMap: Buffer.byteLength(built.sourceMap),
      source: Buffer.byteLength(built.source),
    }
    const folder = options.out === undefined ? undefined : resolve(terminal.cwd, options.out)
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true })
      for (const [part, name] of Object.entries(outputs)) {
        await writeFile(join(folder, name), built[part as keyof typeof outputs])
      }
      await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    }
    const sizes = Object.entries(bytes).map(([part, size]) => `${part} ${size.toLocaleString('en')}`)
    output.result({ name: manifest.name, code, bytes, fuel, manifest, folder, tookMs }, [
      `${manifest.name}: code ${toHex(code)}`,
      `bytes: ${sizes.join(', ')}; fuel of its evaluation: ${fuel.toLocaleString('en')}; built in ${tookMs} ms`,
      ...table(manifestRows(manifest)).map((line) => `  ${line}`),
      ...(folder === undefined ? [] : [`written to ${options.out}`]),
    ])
  }).option('--out <folder>', 'write script, source map, source and manifest there')
}
