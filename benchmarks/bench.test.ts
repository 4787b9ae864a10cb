import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const bench = fileURLToPath(new URL('./bench.mjs', import.meta.url))
const tiny = ['transfers', '--quick', '--json', '--accounts', '20', '--seconds', '1']

/** What a test that ran out of time left; the nodes end with it. */
const children = new Set<ChildProcess>()
afterEach(() => {
  for (const child of children) child.kill()
})

function run(args: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, [bench, ...args], { env })
  children.add(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => {
    out += part
  })
  child.stderr.on('data', (part) => {
    err += part
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      children.delete(child)
      resolve({ status, out, err })
    })
  })
}

test('default: JSON alone on standard output, with what others look for by name', { timeout: 60_000 }, async () => {
  const { status, out, err } = await run(tiny)
  expect(err).toBe('')
  expect(status).toBe(0)
  const report = JSON.parse(out)
  expect(report.transfersPerSecond).toBeGreaterThan(0)
  expect(report.transfersOfLimit).toBeCloseTo(report.transfersPerSecond / report.limits.transfersPerSecond)
  expect(Object.keys(report.limits).sort()).toEqual([
    'executionUsPerTransfer',
    'loopbackBytesPerSecond',
    'syncedAppendsPerSecond',
    'syncedBytesPerSecond',
    'transfersPerSecond',
    'transfersPerSecondCheckedOnly',
    'verificationsPerSecondOfOneCore',
  ])
  expect(report.machine).toMatchObject({ cpu: expect.any(String), cores: expect.any(Number) })
  expect(report.versions.node).toBe(process.version)
  expect(report.options).toMatchObject({ engine: 'simplex', validators: 4, accounts: 20, seconds: 1 })
  const [only] = report.transfers.runs
  expect(only.verifiedReceipts).toBeGreaterThan(0)
  expect(report.transfers.costs.cpuUsPerTransfer).toBeGreaterThan(0)
})

test.each([
  ['engine', ['--engine', 'raft'], 'there is no engine raft; there is simplex'],
  ['measurement', ['speed'], 'there is no measurement speed'],
  ['number', ['--seconds', 'ten'], '--seconds wants a whole number from 1, not ten'],
  ['option', ['--fast'], "Unknown option '--fast'"],
])('error: an unknown %s is refused with what there is', async (_, args, message) => {
  const { status, out, err } = await run(args)
  expect(status).toBe(2)
  expect(out).toBe('')
  expect(err).toContain(`error BENCH_USAGE: ${message}`)
})
