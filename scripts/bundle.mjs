// Joins the compiled command, and the threads of a node, to a few files. Loading some thousand small modules took a node a second of
// processor time; these take a third of it.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Two folders below the package, as the compiled modules are, so that both find its other files alike. */
const directory = join(root, 'cli', 'dist', 'bundle')
const inputsList = join(directory, 'inputs.json')
/** Threads are started from files of their own, which stand beside whoever starts them. */
const entryPoints = {
  main: 'cli/dist/main.js',
  'executor-worker': 'node/dist/executor/executor-worker.js',
  'verifier-worker': 'node/dist/verifier/verifier-worker.js',
}
/** They load files of machine code that lie in their own folders. */
const native = ['sodium-native', 'classic-level', '@chainsafe/hashtree']
/** What only commands for contracts load, with their tools and files. */
const external = [...native, '@tallystick/contract-kit', '@tallystick/contract-kit/*']
/** Packages in CommonJS call it. */
const requireBanner =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);"

async function isCurrent() {
  if (!existsSync(inputsList)) return false
  const since = statSync(inputsList).mtimeMs
  const inputs = JSON.parse(await readFile(inputsList, 'utf8'))
  return inputs.every((path) => existsSync(join(root, path)) && statSync(join(root, path)).mtimeMs < since)
}

/** Makes the bundle anew where one of its inputs changed. */
export async function bundle() {
  if (await isCurrent()) return
  mkdirSync(directory, { recursive: true })
  rmSync(inputsList, { force: true })
  const before = readdirSync(directory)
  const startedMs = Date.now()
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    external,
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: { js: requireBanner },
    metafile: true,
    logLevel: 'warning',
  })
  // Whoever runs the old files goes on: they have been read. What is loaded later has another name only if it changed.
  const written = new Set(Object.keys(metafile.outputs).map((path) => join(root, path)))
  for (const name of before) {
    const path = join(directory, name)
    if (!written.has(path) && statSync(path).mtimeMs < startedMs) rmSync(path)
  }
  const inputs = [...Object.keys(metafile.inputs), 'scripts/bundle.mjs']
  await writeFile(inputsList, JSON.stringify(inputs))
}
