import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import { identityOf, isRunning, type ProcessIdentity, signalProcess } from './process-identity.ts'
import type { RunningNode } from './run-state.ts'

/** After this long without an end a node is killed. It loses nothing: what it acknowledged is on disk. */
const stopMaxMs = 10_000
const pollMs = 25
/** A longer log is put aside when the node is started; one old log is kept. */
const logBytesMax = 16 * 1_048_576

export interface NodeProcess extends RunningNode {
  readonly child: ChildProcess
  readonly logPath: string
  /** Where this start's part of the log begins. */
  readonly logStart: number
}

export interface SpawnOptions {
  /** `child`: ends when this process does, however it ends. `background`: goes on. */
  readonly mode: 'child' | 'background'
  /** Added to the environment: how encrypted keys are opened. */
  readonly environment: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly options: readonly string[]
}

const program = fileURLToPath(new URL('../../bin/tallystick.mjs', import.meta.url))

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

/** Starts a validator as a process with a group of its own, so that Ctrl-C reaches only who started it. */
export function spawnNode(
  home: string,
  node: { readonly name: string; readonly home: string },
  { mode, environment, options }: SpawnOptions,
): NodeProcess {
  mkdirSync(homePaths.logs(home), { recursive: true, mode: 0o700 })
  const logPath = join(homePaths.logs(home), `${node.name}.log`)
  if (sizeOf(logPath) > logBytesMax) renameSync(logPath, `${logPath}.1`)
  const logStart = sizeOf(logPath)
  const log = openSync(logPath, 'a', 0o600)
  const follow = mode === 'child' ? ['--follow-stdin'] : []
  try {
    const argv = [...options, program, 'node', 'start', '--home', node.home, '--json', ...follow]
    const child = spawn(process.execPath, argv, {
      detached: true,
      env: { ...process.env, ...environment },
      stdio: [mode === 'child' ? 'pipe' : 'ignore', log, log],
    })
    // A node that ends closes its end of the pipe.
    child.stdin?.on('error', () => {})
    const identity = child.pid === undefined ? undefined : identityOf(child.pid)
    if (identity === undefined) throw new CliError('NODE_START_FAILED', `${node.name} did not start; see ${logPath}`)
    if (mode === 'background') child.unref()
    return { ...identity, name: node.name, child, logPath, logStart }
  } finally {
    closeSync(log)
  }
}

/** The coded failure that a node told last since it was started. */
export function failureInLog({ logPath, logStart }: NodeProcess): { code: string; message: string } | undefined {
  const text = readFileSync(logPath).subarray(logStart).toString('utf8')
  for (const line of text.trimEnd().split('\n').reverse()) {
    if (!line.startsWith('{"error":')) continue
    try {
      return (JSON.parse(line) as { error: { code: string; message: string } }).error
    } catch {
      return undefined
    }
  }
  return undefined
}

/** Ends processes in order: asked first, killed after a while. Only the very processes that were started. */
export async function stopProcesses(nodes: readonly ProcessIdentity[]): Promise<void> {
  for (const node of nodes) signalProcess(node, 'SIGTERM')
  const deadline = performance.now() + stopMaxMs
  while (nodes.some(isRunning) && performance.now() < deadline) await delay(pollMs)
  for (const node of nodes) signalProcess(node, 'SIGKILL')
  while (nodes.some(isRunning) && performance.now() < deadline + stopMaxMs) await delay(pollMs)
}
