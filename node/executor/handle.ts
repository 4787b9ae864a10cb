import { Worker } from 'node:worker_threads'
import type { ExecutionReport, FinalBlock } from './executor.ts'
import type { ExecutorReply, ExecutorRequest, ExecutorSetup } from './messages.ts'
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

/** @param onFailure - Called once if the thread fails later; the node must stop then. */
export function startExecutor(
  setup: ExecutorSetup,
  onFailure: (error: ExecutorFailure) => void,
): Promise<ExecutorHandle> {
  const worker = new Worker(new URL('./executor-worker.js', import.meta.url), { workerData: setup })
  const waiting = new Map<number, Waiting>()
  let nextId = 0
  let closing = false

  const ask = (request: Unnumbered): Promise<unknown> => {
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
      await ask({ kind: 'close' })
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
    worker.on('error', (error) => fail(new ExecutorFailure('EXECUTOR_FAILED', String(error.stack ?? error))))
    worker.on('exit', (code) =>
      fail(new ExecutorFailure('EXECUTOR_FAILED', `the executor's thread ended with code ${code}`)),
    )
  })
}
