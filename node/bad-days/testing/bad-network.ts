import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@tallystick/client'
import { expect } from 'vitest'
import { createLocalNetwork, type LocalNetwork } from '../../config/index.ts'
import { type LaunchOptions, type NodeProcess, startNodeProcess } from '../../testing/node-process.ts'
import { Book } from './book.ts'

export const validators = [0, 1, 2, 3] as const
const settleTimeoutMs = 60_000

/** Resolves when the condition holds. @throws {Error} that names it, if it does not in time. */
export async function until(what: string, holds: () => unknown, timeoutMs = settleTimeoutMs): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface BlockLine {
  readonly hash: string
  readonly header: { readonly height: number }
  readonly executed: { readonly stateRoot: string; readonly receiptsRoot: string } | null
}

export interface Status {
  readonly heights: { readonly final: number; readonly executed: number; readonly proven: number }
  readonly finalTimeMs: number
  readonly view: number
  readonly halted: { readonly code: string; readonly detail: string } | null
  readonly alarms: readonly { readonly code: string; readonly detail: string }[]
}

/** Four validators as processes of their own, on files and sockets, that a test kills, starves and misleads. */
export class BadNetwork {
  readonly #directory: string
  #ended = false
  readonly network: LocalNetwork
  readonly genesisText: string
  readonly processes: (NodeProcess | undefined)[] = []
  readonly book: Book

  private constructor(directory: string, network: LocalNetwork, genesisText: string, book: Book) {
    this.#directory = directory
    this.network = network
    this.genesisText = genesisText
    this.book = book
  }

  /** Makes a network and starts all of it; accounts are open and funded when the promise resolves. */
  static async start(options: { readonly launch?: Partial<Record<number, LaunchOptions>> } = {}): Promise<BadNetwork> {
    const made = await BadNetwork.create()
    await Promise.all(validators.map((index) => made.start(index, options.launch?.[index])))
    await made.book.open(made.client())
    return made
  }

  /** Makes the files of a network, and starts nothing. */
  static async create(): Promise<BadNetwork> {
    const directory = await mkdtemp(join(tmpdir(), 'tallystick-bad-day-'))
    const network = await createLocalNetwork({ directory: join(directory, 'net') })
    const genesisText = await readFile(network.genesisPath, 'utf8')
    return new BadNetwork(directory, network, genesisText, await Book.of(genesisText, network.members[0]!.keyPath))
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  home(index: number): string {
    return this.network.nodes[index]!.home
  }

  data(index: number, ...names: string[]): string {
    return join(this.home(index), 'data', ...names)
  }

  async start(index: number, options?: LaunchOptions): Promise<NodeProcess> {
    const started = await startNodeProcess(this.home(index), options)
    this.processes[index] = started
    return started
  }

  async stop(index: number): Promise<void> {
    await this.processes[index]?.stop()
    this.processes[index] = undefined
  }

  async kill(index: number): Promise<void> {
    await this.processes[index]?.kill()
    this.processes[index] = undefined
  }

  async end(): Promise<void> {
    this.#ended = true
    await Promise.all(this.processes.map((process) => process?.kill()))
    await rm(this.#directory, { recursive: true, force: true })
  }

  apiUrl(index: number): string {
    const { host, nodes } = this.network
    return `http://${host}:${nodes[index]!.apiPort}`
  }

  /** @param first - The validator that is asked first; the others stand behind it. `only`: nobody else is asked. */
  client(first = 0, only?: 'only'): Client {
    const indexes = only === undefined ? validators.map((i) => (first + i) % validators.length) : [first]
    return createClient({
      nodes: indexes.map((index) => this.apiUrl(index)),
      genesis: this.genesisText,
      requestTimeoutMs: 15_000,
      retryTimeMs: 3_000,
    })
  }

  async get<T>(index: number, path: string): Promise<T> {
    const response = await fetch(`${this.apiUrl(index)}${path}`)
    if (!response.ok) throw new Error(`${path} of validator ${index}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  status(index: number): Promise<Status> {
    return this.get(index, '/v1/status')
  }

  async metric(index: number, name: string): Promise<number> {
    const text = await (await fetch(`${this.apiUrl(index)}/metrics`)).text()
    return Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1])
  }

  /** Resolves with the height at which these validators stand, all of it executed. */
  async settled(indexes: readonly number[] = validators): Promise<number> {
    const heights = (): Promise<number[]> =>
      Promise.all(
        indexes.map(async (index) => {
          const { final, executed } = (await this.status(index)).heights
          return final === executed ? final : -index - 1
        }),
      )
    await until('equal heights', async () => new Set(await heights()).size === 1)
    return (await heights())[0]!
  }

  /** Requires every block and every root of these validators to be the same at every height. */
  async expectSameChain(indexes: readonly number[] = validators): Promise<number> {
    const height = await this.settled(indexes)
    const chains = await Promise.all(indexes.map((index) => this.#chain(index, height)))
    expect(chains[0]!.length).toBe(height)
    for (const [i, chain] of chains.entries()) expect(chain, `validator ${indexes[i]}`).toEqual(chains[0])
    return height
  }

  async #chain(index: number, height: number): Promise<unknown[]> {
    const lines: unknown[] = []
    while (lines.length < height) {
      const path = `/v1/blocks?fromHeight=${lines.length + 1}&limit=100`
      const { items } = await this.get<{ items: BlockLine[] }>(index, path)
      if (items.length === 0) break
      lines.push(...items.map(({ hash, header, executed }) => ({ height: header.height, hash, executed })))
    }
    return lines.slice(0, height)
  }
}
