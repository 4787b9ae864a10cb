// Builds what is not built: TypeScript's build mode compiles only the projects whose sources changed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = fileURLToPath(new URL('../node_modules/typescript7/bin/tsc', import.meta.url))
const projects = process.argv.includes('--shipped') ? ['cli', 'simulator'] : []
const built = spawnSync(process.execPath, [tsc, '-b', ...projects], { cwd: root, stdio: 'inherit' })
process.exit(built.status ?? 1)
