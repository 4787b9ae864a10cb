// `npm run bench`: measures the ledger on this machine, each figure beside a physical limit of the same run.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readOptions } from './options.mjs'

const options = readOptions(process.argv.slice(2))
if (!existsSync(new URL('../cli/dist/main.js', import.meta.url))) {
  const build = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))
  // The build's messages must not stand in the JSON.
  if (spawnSync(process.execPath, [build], { stdio: ['ignore', 2, 2] }).status !== 0) {
    console.error('error BUILD_FAILED: the build failed; its messages stand above')
    process.exit(1)
  }
}
const { runBench } = await import('./run-bench.mjs')
await runBench(options)
