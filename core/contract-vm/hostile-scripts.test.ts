import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { toHex } from '@tallystick/core/codec'
import { taggedHash } from '@tallystick/core/crypto'
import { expect, test } from 'vitest'
import { frozenVectors } from '../codec/testing/frozen-file.ts'
import { type CallLimits, type CallOutcome, ContractImage, callLimitsDefault } from './index.ts'
import { hostileScripts } from './testing/hostile-scripts.ts'
import { meteredQuickJs } from './testing/metered-quickjs.ts'

const limits: CallLimits = { ...callLimitsDefault, fuel: 3_000_000n }

interface Vector {
  readonly name: string
  readonly body: string
  readonly outcome: string
}

/** What of an outcome must be the same everywhere, in one line. */
function lineOf(outcome: CallOutcome): string {
  const text = outcome.kind === 'returned' ? outcome.output : outcome.kind === 'threw' ? outcome.message : outcome.limit
  const hash = toHex(taggedHash('test-output', new TextEncoder().encode(`${text}.`))).slice(0, 16)
  return `${outcome.kind} ${outcome.fuelUsed} ${/^[ -~]{0,60}$/.test(text) ? text : `#${hash}`}`
}

/** Called twice, from the same memory. */
function outcomeOf(name: string, body: string): string {
  const created = ContractImage.create(meteredQuickJs(), `globalThis.contract = function (input) { ${body} }`, limits)
  if (!('image' in created)) return `not made: ${lineOf(created)}`
  const before = created.image.digest()
  const first = lineOf(created.image.call('', () => '', limits))
  expect(created.image.digest(), name).toEqual(before)
  expect(lineOf(created.image.call('', () => '', limits)), name).toBe(first)
  return first
}

test('each ends as it did when it was frozen, at the same cost, and leaves nothing', () => {
  const make = (): Vector[] =>
    [...hostileScripts].map(([name, body]) => ({ name, body, outcome: outcomeOf(name, body) }))
  const frozen = frozenVectors('contract-machine.json', make)
  expect(frozen.map(({ name, body }) => [name, body])).toEqual([...hostileScripts])
  expect(frozen.length).toBeGreaterThanOrEqual(300)
  for (const { name, body, outcome } of frozen) expect(`${name}: ${outcomeOf(name, body)}`).toBe(`${name}: ${outcome}`)
}, 300_000)

/** Paths of other versions of Node, separated by colons: `.ci/run` brings them. */
const otherNodes = (process.env.TALLYSTICK_NODES ?? '').split(':').filter((path) => path !== '')
const program = fileURLToPath(new URL('./testing/run-vectors.mjs', import.meta.url))
const isBuilt = existsSync(fileURLToPath(new URL('../dist/contract-vm/index.js', import.meta.url)))

test.skipIf(otherNodes.length === 0 || !isBuilt)(
  'other versions of Node give the same (skipped without paths of their programs in TALLYSTICK_NODES)',
  () => {
    const frozen = frozenVectors<Vector>('contract-machine.json', () => [])
    const input = JSON.stringify({ bodies: frozen.map(({ body }) => body), fuel: String(limits.fuel) })
    for (const node of otherNodes) {
      const { stdout, stderr, status } = spawnSync(node, [program], { input, maxBuffer: 2 ** 28, encoding: 'utf8' })
      expect(status, stderr).toBe(0)
      const outcomes = JSON.parse(stdout, (_, value) => (value?.bigint === undefined ? value : BigInt(value.bigint)))
      for (const [i, { name, outcome }] of frozen.entries()) {
        const line = lineOf(outcomes[i])
        expect(`${node} ${name}: ${line}`).toBe(`${node} ${name}: ${outcome.replace(/^not made: /, '')}`)
      }
    }
  },
  300_000,
)
