import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Parameters } from '@tallystick/core/protocol'
import type { Admission } from './admission.ts'
import type { BatchCheck } from './batch-check.ts'
import type { VerifierReply, VerifierRequest, VerifierSetup } from './messages.ts'

/** The threads that check signatures, each transaction once. */
export interface VerifierPool {
  verifyTransactions(encoded: Uint8Array[]): Promise<Admission[]>
  verifyBatch(encoded: Uint8Array): Promise<BatchCheck>
  /** Requests that wait for an answer. */
  readonly pending: number
  stop(): Promise<void>
}

interface Waiting {
  resolve(reply: VerifierReply): void
  reject(error: Error): void
}

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
}

type Unnumbered = VerifierRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never

/**
 * @param onFailure - Called if a thread dies; the node must stop then, since work would wait for ever.
 * @param threads - Defaults to half of the machine's processors.
 */
export function startVerifierPool(
  setup: { ledger: Uint8Array; block: Parameters['block'] },
  onFailure: (error: Error) => void,
  threads = Math.max(1, Math.floor(availableParallelism() / 2)),
): VerifierPool {
  let stopping = false
  let nextId = 0
  const pool: Thread[] = Array.from({ length: threads }, () => {
    const workerData: VerifierSetup = { ledger: setup.ledger, block: setup.block }
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
    const waiting = new Map<number, Waiting>()
    worker.on('message', (reply: VerifierReply) => {
      waiting.get(reply.id)?.resolve(reply)
      waiting.delete(reply.id)
    })
    const fail = (error: Error): void => {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
      if (!stopping) onFailure(error)
    }
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a verifier thread ended with code ${code}`)))
    return { worker, waiting }
  })

  const ask = (request: Unnumbered): Promise<VerifierReply> => {
    const thread = pool.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least))
    const id = nextId++
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject })
      thread.worker.postMessage({ ...request, id })
    })
  }

  return {
    async verifyTransactions(encoded) {
      const reply = await ask({ kind: 'transactions', encoded })
      if (reply.kind !== 'transactions') throw new Error('a verifier answered another question')
      return reply.admissions
    },
    async verifyBatch(encoded) {
      const reply = await ask({ kind: 'batch', encoded })
      if (reply.kind !== 'batch') throw new Error('a verifier answered another question')
      return reply.check
    },
    get pending() {
      return pool.reduce((sum, { waiting }) => sum + waiting.size, 0)
    },
    async stop() {
      stopping = true
      await Promise.all(pool.map(({ worker }) => worker.terminate()))
    },
  }
}
