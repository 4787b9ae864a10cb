import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLocalNetwork, type LocalNetwork } from '../../config/index.ts'

const program = fileURLToPath(new URL('../../testing/run-node.mjs', import.meta.url))
const withholding = fileURLToPath(new URL('./run-withholding-node.mjs', import.meta.url))

/** Processes run compiled code, so they need a build. */
export const isBuilt = existsSync(fileURLToPath(new URL('../../dist/index.js', import.meta.url)))

/** A validator as a process of its own, with what it wrote to its log. */
export interface Validator {
  readonly apiUrl: string
  readonly pid: number
  log(): string
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
}

export interface Validators {
  readonly network: LocalNetwork
  readonly genesisText: string
  readonly running: (Validator | undefined)[]
  start(index: number, kind?: 'honest' | 'withholding'): Promise<Validator>
  close(): Promise<void>
}

function launch(kind: 'honest' | 'withholding', home: string): Promise<Validator> {
  // The test runner's own conditions must not reach the process: they lead to sources.
  const settings = { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' }, silent: true }
  const child: ChildProcess = fork(kind === 'honest' ? program : withholding, [home], settings)
  let log = ''
  for (const output of [child.stdout!, child.stderr!]) {
    output.on('data', (text) => {
      log += text
    })
  }
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}: ${log.slice(-2_000)}`)))
    child.once('message', (message: { kind: string; apiUrl: string; message: string }) => {
      if (message.kind !== 'started') reject(new Error(message.message))
      else resolve({ apiUrl: message.apiUrl, pid: child.pid!, log: () => log, kill })
    })
  })
}

/** Four validators on loopback. @param apiLimits - Limits of the first one's API that differ from the local network's. */
export async function startValidators(apiLimits: Readonly<Record<string, number>> = {}): Promise<Validators> {
  const directory = await mkdtemp(join(tmpdir(), 'tallystick-hostile-'))
  const network = await createLocalNetwork({ directory: join(directory, 'net') })
  const path = join(network.nodes[0]!.home, 'node.json')
  const config = JSON.parse(await readFile(path, 'utf8'))
  Object.assign(config.api.limits, apiLimits)
  await writeFile(path, JSON.stringify(config))
  const running: (Validator | undefined)[] = []
  const start = async (index: number, kind: 'honest' | 'withholding' = 'honest'): Promise<Validator> => {
    const validator = await launch(kind, network.nodes[index]!.home)
    running[index] = validator
    return validator
  }
  await Promise.all(network.nodes.map((_, index) => start(index)))
  return {
    network,
    genesisText: await readFile(network.genesisPath, 'utf8'),
    running,
    start,
    close: async () => {
      await Promise.all(running.map((each) => each?.kill()))
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** Resident memory of a process in MiB. */
export async function memoryMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1_024
}

/** A figure of a validator's metrics, 0 where it has none. */
export async function metric({ apiUrl }: Pick<Validator, 'apiUrl'>, name: string): Promise<number> {
  const text = await (await fetch(`${apiUrl}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(name.length + 1))
}

/** Waits until something holds, and says what did not where it takes too long. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
