import { resolve } from 'node:path'
import type { Command } from 'commander'
import { requireTests, runTests, type TestedFile } from '../contracts/run-tests.ts'
import { beginProfile } from '../contracts/test-profile.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError, interruption } from '../errors.ts'

interface Options {
  readonly watch?: boolean
  readonly native?: boolean
  readonly inspect?: boolean
  readonly profile?: boolean
}

export function contractTestCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'test [folder]',
    summary: "run a project's tests, each on a ledger of its own in one process",
    example: 'contract test my-contract --watch',
  }
  defineCommand<Options>(parent, runtime, shape, async ({ output, terminal, signal }, options, given = '.') => {
    const { watch = false, inspect = false, native = inspect, profile = false } = options
    const json = output.json
    if (json && watch) throw new CliError('VALUE_INVALID', '--watch has no end, so it can not give one JSON document')
    if (profile && (watch || native)) {
      throw new CliError(
        'VALUE_INVALID',
        '--profile needs a run that ends, in the machine: without --watch, --native and --inspect',
      )
    }
    const folder = resolve(terminal.cwd, given)
    await requireTests(folder)
    const profiled = profile ? await beginProfile() : undefined
    const run = { watch, native, inspect, json, profileFolder: profiled?.folder }
    const { exit, files } = await runTests(folder, run, signal)
    const lines = await profiled?.end(folder)
    if (signal.aborted && !watch) throw interruption()
    const tests = testsOf(files)
    if (exit !== 0) {
      const failed = tests.filter(({ status }) => status === 'failed').length
      const what = json && failed > 0 ? `${failed} of ${tests.length} tests failed` : 'the tests did not pass'
      throw new CliError('CONTRACT_TESTS_FAILED', `${what} in ${folder}`, json ? { tests } : {})
    }
    const shown = lines && { profile: lines.files, lcov: lines.lcovPath }
    output.result(
      { folder, passed: tests.length, tests, ...shown },
      lines ? [lines.text, `coverage: ${lines.lcovPath}`] : [],
    )
  })
    .option('--watch', 'again after each change, until Ctrl-C')
    .option('--native', 'run contracts as modules of the process: breakpoints stop in them, nothing is metered')
    .option('--profile', 'tell which lines ran and what fuel they took, and write lcov.info')
    .option('--inspect', 'native, and wait for a debugger (chrome://inspect, VS Code) before the first test')
}

function testsOf(files: readonly TestedFile[]) {
  return files.flatMap(({ name: file, status, message, assertionResults }) =>
    assertionResults.length === 0
      ? [{ file, test: '', status, durationMs: 0, failures: [message] }]
      : assertionResults.map((test) => ({
          file,
          test: test.fullName,
          status: test.status,
          durationMs: Math.round(test.duration ?? 0),
          failures: test.failureMessages,
        })),
  )
}
