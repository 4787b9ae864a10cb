import { Worker } from 'node:worker_threads'
import { encodeJsonText } from '@tallystick/core/codec'
import { type Genesis, genesis as genesisForm } from '@tallystick/core/protocol'
import { expectContractMachine, openContractMachine } from './contract-machine.ts'
import type { ExecutionReport, ExecutorPlace, FinalBlock } from './executor.ts'
import type { ExecutorReply, ExecutorRequest, ExecutorSetup, MachineMessage } from './messages.ts'
import type { Queries, QueryName } from './queries.ts'

/** The executor's thread as the main thread sees it. */
export interface ExecutorHandle {
  /** The height that the store held when it was opened. */
  readonly openedHeight: number
  execute(final: FinalBlock): Promise<ExecutionReport>
  query<N extends QueryName>(name: N, ...args: Parameters<Queries[N]>): Promise<Awaited<ReturnType<Queries[N]>>>
  close(): Promise<void>
}

/** The executor's thread ended, or refused its store; `code` is stable. */
export class ExecutorFailure extends Error {
  override readonly name = 'ExecutorFailure'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

type Unnumbered = ExecutorRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never

/** A message to a thread copies all memory that a view stands in, so that must be no more than the view. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
}

/**
 * Of the thread's stack. Contracts that call each other as deeply as they may, each to its limit of depth, were measured to take
 * less than 4 MiB; a stack that overflows would be a fault of this node alone.
 */
const stackSizeMb = 32

/**
 * @param onFailure - Called once if the thread fails later; the node must stop then.
 * @throws {ExecutorError} `CONTRACT_MACHINE_DIFFERS`; {ExecutorFailure} with the code of why the store can't be opened.
 */
export async function startExecutor(
  genesis: Genesis,
  place: ExecutorPlace,
  onFailure: (error: ExecutorFailure) => void,
): Promise<ExecutorHandle> {
  expectContractMachine(genesis)
  const setup: ExecutorSetup = { genesisText: encodeJsonText(genesisForm, genesis), ...place }
  const worker = new Worker(new URL('./executor-worker.js', import.meta.url), {
    workerData: setup,
    resourceLimits: { stackSizeMb },
  })
  const opening = handleOf(worker, onFailure)
  try {
    // While the thread reads its store.
    const first: MachineMessage = { kind: 'machine', machine: openContractMachine() }
    worker.postMessage(first)
  } catch (error) {
    opening.catch(() => {})
    await worker.terminate()
    throw error
  }
  return opening
}

function handleOf(worker: Worker, onFailure: (error: ExecutorFailure) => void): Promise<ExecutorHandle> {
  const waiting = new Map<number, Waiting>()
  let nextId = 0
  let closing = false
  /** The thread is no more, so nothing that is asked of it will be answered. */
  let gone: ExecutorFailure | undefined

  const ask = (request: Unnumbered): Promise<unknown> => {
    if (gone !== undefined) return Promise.reject(gone)
    const id = nextId++
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id })
    })
  }
  const settle = (id: number, how: (waiting: Waiting) => void): void => {
    const found = waiting.get(id)
    waiting.delete(id)
    if (found !== undefined) how(found)
  }
  const handle = (openedHeight: number): ExecutorHandle => ({
    openedHeight,
    execute: ({ block, batches, location, ids }) => {
      const final = { block: alone(block), batches: batches.map(alone), location, ids: ids && alone(ids) }
      return ask({ kind: 'execute', final }) as Promise<ExecutionReport>
    },
    query: (name, ...args) => ask({ kind: 'query', name, args }) as never,
    async close() {
      closing = true
      if (gone === undefined) await ask({ kind: 'close' })
      await worker.terminate()
    },
  })

  return new Promise((resolve, reject) => {
    let opened = false
    const fail = (error: ExecutorFailure): void => {
      for (const { reject: refuse } of waiting.values()) refuse(error)
      waiting.clear()
      if (!opened) reject(error)
      else if (!closing) onFailure(error)
      closing = true
    }
    worker.on('message', (reply: ExecutorReply) => {
      if (reply.kind === 'opened') {
        opened = true
        resolve(handle(reply.height))
      } else if (reply.kind === 'failed') fail(new ExecutorFailure(reply.code, reply.message))
      else if (reply.kind === 'error') settle(reply.id, ({ reject: refuse }) => refuse(new Error(reply.message)))
      else if (reply.kind === 'executed') settle(reply.id, ({ resolve: done }) => done(reply.report))
      else settle(reply.id, ({ resolve: done }) => done(reply.kind === 'answer' ? reply.value : undefined))
    })
    const end = (message: string): void => {
      gone ??= new ExecutorFailure('EXECUTOR_FAILED', message)
      fail(gone)
    }
    worker.on('error', (error) => end(String(error.stack ?? error)))
    worker.on('exit', (code) => end(`the executor's thread ended with code ${code}`))
  })
}
