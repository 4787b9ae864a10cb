#!/usr/bin/env node
// The command of the package. In a fresh clone it must be built first.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('../dist/bundle/main.js', import.meta.url)
if (existsSync(fileURLToPath(main))) {
  await import(main.href)
} else {
  console.error(
    'error NOT_BUILT: the command is not built yet\n  Run `npm run build` or `npm start` first.\n  docs/cli.md#not_built',
  )
  process.exitCode = 1
}
