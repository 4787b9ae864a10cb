import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ReplayReport } from '../index.ts'

const program = fileURLToPath(new URL('./run-node.mjs', import.meta.url))

/** Processes run compiled code, so they need a build. */
export const isBuilt = existsSync(fileURLToPath(new URL('../dist/index.js', import.meta.url)))

type Message =
  | { readonly kind: 'started'; readonly apiUrl: string }
  | { readonly kind: 'replayed'; readonly report: ReplayReport }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

/** Why a process did not do what it was started for; `code` is the node's own. */
class ProcessFailure extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** How a process ended: the node's own code and words, where it had any left to say. */
export interface ProcessEnd {
  readonly code: string | undefined
  readonly message: string
}

export interface NodeProcess {
  readonly apiUrl: string
  readonly pid: number
  /** What it printed so far. */
  log(): string
  /** Resolves when it has ended, in whatever way. */
  readonly ended: Promise<ProcessEnd>
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
}

export interface LaunchOptions {
  /** A command that runs node in its place, such as `['prlimit', '--fsize=1000000']`. It must keep the process id. */
  readonly wrapper?: readonly string[]
  /** Modules that are loaded first. */
  readonly preload?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

interface Launched {
  readonly child: ChildProcess
  readonly first: Promise<Message>
  readonly ended: Promise<ProcessEnd>
  log(): string
}

function launch(args: readonly string[], { wrapper = [], preload = [], environment = {} }: LaunchOptions): Launched {
  const [command = process.execPath, ...wrapped] = [...wrapper, ...(wrapper.length > 0 ? [process.execPath] : [])]
  // The test runner's own conditions must not reach the process: they lead to sources.
  const child = fork(program, args, {
    execPath: command,
    execArgv: [...wrapped, ...preload.flatMap((module) => ['--import', module])],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    silent: true,
  })
  let output = ''
  const keep = (text: Buffer): void => {
    output += text.toString()
  }
  child.stdout!.on('data', keep)
  child.stderr!.on('data', keep)
  let failure: Extract<Message, { kind: 'failed' }> | undefined
  child.on('message', (message: Message) => {
    if (message.kind === 'failed') failure = message
  })
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', () => resolve({ code: failure?.code, message: failure?.message ?? output.slice(-2_000) }))
  })
  const first = new Promise<Message>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message))
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}: ${output.slice(-2_000)}`)))
  })
  return { child, first, ended, log: () => output }
}

async function answerOf<K extends Message['kind']>(
  first: Promise<Message>,
  kind: K,
): Promise<Extract<Message, { kind: K }>> {
  const message = await first
  if (message.kind === 'failed') throw new ProcessFailure(message.code, message.message)
  if (message.kind !== kind) throw new Error(`the process said ${message.kind}`)
  return message as Extract<Message, { kind: K }>
}

/** @throws with the node's code if it does not start. */
export async function startNodeProcess(home: string, options: LaunchOptions = {}): Promise<NodeProcess> {
  const { child, first, ended, log } = launch([home], options)
  const { apiUrl } = await answerOf(first, 'started').catch((error) => {
    child.kill('SIGKILL')
    throw error
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  return { apiUrl, pid: child.pid!, log, ended, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

export async function replayProcess(home: string): Promise<ReplayReport> {
  return (await answerOf(launch([home, 'replay'], {}).first, 'replayed')).report
}
