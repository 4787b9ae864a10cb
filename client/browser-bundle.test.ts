import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { genesisText, packedId, proveReceipt } from './testing/tiny-chain.ts'
import { encodeProofFile } from './verify-document.ts'

interface Bundler {
  build(options: object): Promise<{ output: { code: string; imports: string[]; moduleIds: string[] }[] }[]>
}

/** Vite comes with vitest, and is bundler enough; the project has no other. */
async function bundler(): Promise<Bundler> {
  const vitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
  return import(pathToFileURL(vitest.resolve('vite')).href)
}

test('the client bundles for browsers without a module of Node, and verifies a receipt there', async () => {
  const { build } = await bundler()
  const [bundle] = await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('.', import.meta.url)),
    resolve: { conditions: ['browser', 'source'] },
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL('index.ts', import.meta.url)), formats: ['es'] },
    },
  })
  const chunks = bundle?.output ?? []
  expect(chunks.flatMap(({ imports }) => imports)).toEqual([])
  const code = chunks.map((chunk) => chunk.code).join('\n')
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds)
  expect(modules.filter((id) => /^node:|browser-external|sodium|hashtree|runtime\/node/.test(id))).toEqual([])
  expect(modules.some((id) => id.includes('runtime/browser'))).toBe(true)
  expect(/\bnode:\w+|\bBuffer\b|\bprocess\./.exec(code)?.[0]).toBeUndefined()

  const folder = await mkdtemp(join(tmpdir(), 'tallystick-bundle-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'client.mjs')
  await writeFile(file, code)
  const client: typeof import('./index.ts') = await import(pathToFileURL(file).href)
  const proof = proveReceipt(packedId, { items: 'all', entries: 'all', events: 'all', components: 'all' })!
  const text = encodeProofFile({ kind: 'receipt', ...proof })
  expect(client.verifyProofDocument(genesisText, text)).toMatchObject({ ok: true })
  expect(client.verifyProofDocument(genesisText, text.replace('"OK"', '"PARTLY_DONE"'))).toMatchObject({ ok: false })
  expect(client.generateKey().publicKey).toHaveLength(32)
})
