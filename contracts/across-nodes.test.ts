import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Paths of other versions of Node, separated by colons: `.ci/run` brings them. */
const otherNodes = (process.env.TALLYSTICK_NODES ?? '').split(':').filter((path) => path !== '')
const program = fileURLToPath(new URL('./testing/run-on-this-node.mjs', import.meta.url))
const isBuilt = existsSync(fileURLToPath(new URL('../contract-kit/dist/local/index.js', import.meta.url)))

interface Run {
  readonly steps: readonly { readonly what: string; readonly fuel: number; readonly root: string }[]
  readonly events: readonly unknown[]
}

function runOn(node: string): Run {
  const { stdout, stderr, status } = spawnSync(node, [program], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout) as Run
}

test.skipIf(!isBuilt)(
  "an escrow's life gives the same fuel, events and roots in every process (skipped where nothing is built)",
  () => {
    const run = runOn(process.execPath)
    expect(run.steps).toHaveLength(17)
    expect(run.events.length).toBeGreaterThan(10)
    expect(new Set(run.steps.map(({ root }) => root)).size).toBeGreaterThan(10)
    for (const node of otherNodes) expect(runOn(node), node).toEqual(run)
  },
  300_000,
)
