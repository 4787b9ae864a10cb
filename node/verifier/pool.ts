import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Parameters } from '@tallystick/core/protocol'
import type { AdmissionGate } from './admission.ts'
import type { BatchCheck } from './batch-check.ts'
import { type Check, CheckQueue } from './check-queue.ts'
import type { ListCheck } from './check-submission.ts'
import type { CheckedTransactions } from './checked-transactions.ts'
import type { VerifierReply, VerifierRequest, VerifierSetup } from './messages.ts'
import { type CheckedSingle, SingleSubmissions } from './single-submissions.ts'

/** The threads that check signatures, each transaction once. */
export interface VerifierPool {
  /** Checks an encoded list of transactions. */
  verifyList(encoded: Uint8Array, gate: AdmissionGate): Promise<ListCheck>
  /** Checks one encoded transaction; those of one turn of the event loop are sent together. */
  verifyOne(encoded: Uint8Array, gate: AdmissionGate): Promise<CheckedSingle>
  verifyBatch(encoded: Uint8Array): Promise<BatchCheck>
  /** Requests that wait for an answer. */
  readonly pending: number
  stop(): Promise<void>
}

interface Waiting extends Check {
  readonly request: VerifierRequest
  resolve(reply: VerifierReply): void
  reject(error: Error): void
}

interface Thread {
  readonly worker: Worker
  /** Answered in this order. */
  readonly asked: Waiting[]
}

/** What a thread has before it: one that it works on, and one so that it never idles. The rest waits here, in its order. */
const askedPerThreadMax = 2

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
  const queue = new CheckQueue<Waiting>()

  const next = (): void => {
    for (const { worker, asked } of pool) {
      while (asked.length < askedPerThreadMax) {
        const waiting = queue.next()
        if (waiting === undefined) return
        asked.push(waiting)
        const { request } = waiting
        worker.postMessage(request, [request.encoded.buffer])
      }
    }
  }
  const pool: Thread[] = Array.from({ length: threads }, () => {
    const workerData: VerifierSetup = { ledger: setup.ledger, block: setup.block }
    const worker = new Worker(new URL('./verifier-worker.js', import.meta.url), { workerData })
    const asked: Waiting[] = []
    worker.on('message', (reply: VerifierReply) => {
      asked.shift()?.resolve(reply)
      next()
    })
    const fail = (error: Error): void => {
      for (const { reject } of [...asked.splice(0), ...queue.clear()]) reject(error)
      if (!stopping) onFailure(error)
    }
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a verifier thread ended with code ${code}`)))
    return { worker, asked }
  })

  const ask = <T extends VerifierReply>(kind: Check['kind'], request: VerifierRequest): Promise<T> =>
    new Promise((resolve, reject) => {
      const bytes = request.encoded.length
      queue.add({ kind, bytes, request, resolve: resolve as (reply: VerifierReply) => void, reject })
      next()
    })
  const singles = new SingleSubmissions((encoded, ends, gate) =>
    ask<{ kind: 'singles'; check: CheckedTransactions }>('submission', { kind: 'singles', encoded, ends, gate }).then(
      ({ check }) => check,
    ),
  )

  return {
    async verifyList(encoded, gate) {
      const request = { kind: 'list', encoded: ownCopy(encoded), gate } as const
      return (await ask<{ kind: 'list'; check: ListCheck }>('submission', request)).check
    },
    verifyOne: (encoded, gate) => singles.verify(encoded, gate),
    async verifyBatch(encoded) {
      const request = { kind: 'batch', encoded: ownCopy(encoded) } as const
      return (await ask<{ kind: 'batch'; check: BatchCheck }>('batch', request)).check
    },
    get pending() {
      return pool.reduce((sum, { asked }) => sum + asked.length, queue.size)
    },
    async stop() {
      stopping = true
      await Promise.all(pool.map(({ worker }) => worker.terminate()))
    },
  }
}

/** The caller goes on to use its bytes, so the thread gets others; moved, they are copied once and not twice. */
function ownCopy(encoded: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoded)
}
