// Builds what is not built: TypeScript's build mode compiles only the projects whose sources changed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = fileURLToPath(new URL('../node_modules/typescript7/bin/tsc', import.meta.url))
const projects = process.argv.includes('--shipped') ? ['cli', 'simulator'] : []
const built = spawnSync(process.execPath, [tsc, '-b', ...projects], { cwd: root, stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
await bundle()
