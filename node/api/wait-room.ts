import type { TransactionId } from '@tallystick/core/protocol'
import { ApiError } from './errors.ts'
import type { NodePort, TransactionStatus } from './port.ts'

export type Stage = 'final' | 'executed' | 'proven'

const rank = { unknown: 0, received: 1, final: 2, executed: 3, proven: 4 } as const

/** Whether a transaction is at least at the stage; `expired` never changes, so waiting for it ends too. */
export function isSettled({ status }: TransactionStatus, stage: Stage): boolean {
  return status === 'expired' || rank[status] >= rank[stage]
}

interface Waiter {
  readonly ids: readonly TransactionId[]
  readonly stage: Stage
  readonly finish: (statuses: TransactionStatus[] | Error) => void
}

/**
 * Where requests wait for their transactions. Whenever a height moves, all waiters look once; a look that is under way
 * covers the moves that come meanwhile by looking again.
 */
export class WaitRoom {
  readonly #port: NodePort
  readonly #idsMax: number
  readonly #waiters = new Set<Waiter>()
  #ids = 0
  #unwatch: (() => void) | undefined
  #looking = false
  #movedMeanwhile = false

  constructor(port: NodePort, idsMax: number) {
    this.#port = port
    this.#idsMax = idsMax
  }

  get waitingIds(): number {
    return this.#ids
  }

  /**
   * @returns the statuses when all are settled, or as they are when the time is up or the caller has gone.
   * @throws {ApiError} API_TOO_MANY_WAITS.
   */
  async wait(
    ids: readonly TransactionId[],
    stage: Stage,
    timeoutMs: number,
    gone: AbortSignal,
  ): Promise<TransactionStatus[]> {
    const now = await this.#port.statusesOf(ids)
    if (timeoutMs === 0 || gone.aborted || now.every((status) => isSettled(status, stage))) return now
    if (this.#ids + ids.length > this.#idsMax) throw new ApiError('API_TOO_MANY_WAITS')
    return this.#enter(ids, stage, timeoutMs, gone)
  }

  /** Lets all go with what is known. */
  close(): void {
    this.#unwatch?.()
    for (const waiter of [...this.#waiters]) waiter.finish(new ApiError('NODE_NOT_READY'))
  }

  #enter(
    ids: readonly TransactionId[],
    stage: Stage,
    timeoutMs: number,
    gone: AbortSignal,
  ): Promise<TransactionStatus[]> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#port.statusesOf(ids).then(waiter.finish, waiter.finish)
      }
      const timer = setTimeout(leave, timeoutMs)
      const waiter: Waiter = {
        ids,
        stage,
        finish: (outcome) => {
          if (!this.#waiters.delete(waiter)) return
          clearTimeout(timer)
          gone.removeEventListener('abort', leave)
          this.#ids -= ids.length
          if (this.#waiters.size === 0) this.#rest()
          if (outcome instanceof Error) reject(outcome)
          else resolve(outcome)
        },
      }
      gone.addEventListener('abort', leave)
      this.#waiters.add(waiter)
      this.#ids += ids.length
      this.#unwatch ??= this.#port.watchHeights(() => this.#look())
      // A height may have moved between the caller's first look and the watch.
      this.#look()
    })
  }

  #rest(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
  }

  #look(): void {
    this.#movedMeanwhile = true
    if (!this.#looking) void this.#lookUntilStill()
  }

  async #lookUntilStill(): Promise<void> {
    this.#looking = true
    while (this.#movedMeanwhile) {
      this.#movedMeanwhile = false
      const waiters = [...this.#waiters]
      try {
        const statuses = await this.#port.statusesOf(waiters.flatMap(({ ids }) => ids))
        let at = 0
        for (const waiter of waiters) {
          const own = statuses.slice(at, at + waiter.ids.length)
          at += waiter.ids.length
          if (own.every((status) => isSettled(status, waiter.stage))) waiter.finish(own)
        }
      } catch (error) {
        for (const waiter of waiters) waiter.finish(error as Error)
      }
    }
    this.#looking = false
  }
}
