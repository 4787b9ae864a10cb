import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { vitestPackage } from './installation.ts'
import { findsKit, linkPackages } from './link-packages.ts'

export interface TestRun {
  /** Again after each change, until the person ends it. */
  readonly watch: boolean
  /** Runs contracts as modules of the test's process, where a debugger stops in them. */
  readonly native: boolean
  /** Waits for a debugger before the first test. */
  readonly inspect: boolean
  /** Where each process of the tests leaves which lines of contracts ran, and what they cost. */
  readonly profileFolder: string | undefined
  /** Whether the report is for machines; otherwise it goes where this process writes. */
  readonly json: boolean
}

export interface TestedFile {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly duration?: number | null
    readonly failureMessages: readonly string[]
  }[]
}

export interface TestReport {
  readonly exit: number
  /** With `json` alone. */
  readonly files: readonly TestedFile[]
}

const testFile = /\.(test|spec)\.[cm]?[jt]sx?$/

/** @throws {CliError} CONTRACT_TESTS_MISSING */
export async function requireTests(folder: string): Promise<void> {
  const files = await filesIn(folder)
  if (files.some((file) => testFile.test(file))) return
  const why = files.length === 0 ? 'it is missing or empty' : 'no file is named *.test.ts'
  throw new CliError('CONTRACT_TESTS_MISSING', `there are no tests in ${folder}: ${why}`)
}

/** Of a folder and those in it, without packages. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const own = entries.filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
  const inside = own.filter((entry) => entry.isDirectory()).map(({ name }) => filesIn(join(folder, name)))
  return [...own.filter((entry) => !entry.isDirectory()).map(({ name }) => name), ...(await Promise.all(inside)).flat()]
}

/** Runs the tests of a project. @param folder - Absolute. */
export async function runTests(folder: string, run: TestRun, signal: AbortSignal): Promise<TestReport> {
  if (!findsKit(folder)) await linkPackages(folder)
  const { exit, output } = await vitest(folder, run, signal)
  return { exit, files: run.json ? testedIn(output) : [] }
}

function vitest(
  folder: string,
  { watch, native, inspect, json, profileFolder }: TestRun,
  signal: AbortSignal,
): Promise<{ exit: number; output: string }> {
  const argv = [
    join(vitestPackage().folder, 'vitest.mjs'),
    watch ? 'watch' : 'run',
    ...(json ? ['--reporter=json'] : []),
    ...(inspect ? ['--inspect-brk', '--no-file-parallelism', '--test-timeout=0'] : []),
  ]
  const profiled = profileFolder && { TALLYSTICK_CONTRACTS: 'profile', TALLYSTICK_PROFILE: profileFolder }
  const env = { ...process.env, ...(native && { TALLYSTICK_CONTRACTS: 'native' }), ...profiled }
  return new Promise((resolve, reject) => {
    const stdio = json ? (['ignore', 'pipe', 'inherit'] as const) : ('inherit' as const)
    const child = spawn(process.execPath, argv, { cwd: folder, env, stdio: stdio as 'inherit' })
    const end = (): void => {
      child.kill('SIGINT')
    }
    signal.addEventListener('abort', end, { once: true })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', reject)
    child.once('close', (exit) => {
      signal.removeEventListener('abort', end)
      resolve({ exit: exit ?? 1, output })
    })
  })
}

function testedIn(output: string): readonly TestedFile[] {
  const start = output.indexOf('{')
  try {
    return (JSON.parse(output.slice(start)) as { testResults: TestedFile[] }).testResults
  } catch {
    return []
  }
}
