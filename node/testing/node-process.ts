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

export interface NodeProcess {
  readonly apiUrl: string
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
}

function launch(...args: string[]): { child: ChildProcess; first: Promise<Message> } {
  // The test runner's own conditions must not reach the process: they lead to sources.
  const child = fork(program, args, { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' }, silent: true })
  let output = ''
  child.stdout!.on('data', (text) => {
    output += text
  })
  child.stderr!.on('data', (text) => {
    output += text
  })
  const first = new Promise<Message>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message))
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}: ${output.slice(-2_000)}`)))
  })
  return { child, first }
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
export async function startNodeProcess(home: string): Promise<NodeProcess> {
  const { child, first } = launch(home)
  const { apiUrl } = await answerOf(first, 'started')
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  return { apiUrl, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

export async function replayProcess(home: string): Promise<ReplayReport> {
  return (await answerOf(launch(home, 'replay').first, 'replayed')).report
}
