import { ApiError } from './errors.ts'

interface Waiter {
  readonly address: string
  begin(): void
  refuse(error: ApiError): void
}

/**
 * Where calls of views, and other questions that take the executor long, wait for each other. The thread that runs them executes blocks too: with one of them at a time, a block
 * never waits for more than one.
 */
export class ViewRoom {
  readonly #waitingMax: number
  readonly #perAddressMax: number
  readonly #waiting: Waiter[] = []
  #running = false

  constructor(waitingMax: number, perAddressMax: number) {
    this.#waitingMax = waitingMax
    this.#perAddressMax = perAddressMax
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** @param gone - Whoever asked has left: while it waits, it is not called any more. @throws {ApiError} API_TOO_MANY_VIEWS. */
  async run<T>(address: string, gone: AbortSignal, call: () => Promise<T>): Promise<T> {
    if (this.#running) await this.#enter(address, gone)
    this.#running = true
    try {
      return await call()
    } finally {
      this.#running = false
      this.#waiting.shift()?.begin()
    }
  }

  close(): void {
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(new ApiError('NODE_NOT_READY'))
  }

  #enter(address: string, gone: AbortSignal): Promise<void> {
    const own = this.#waiting.filter((waiter) => waiter.address === address).length
    if (this.#waiting.length >= this.#waitingMax || own >= this.#perAddressMax) {
      throw new ApiError('API_TOO_MANY_VIEWS')
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiter)
        if (at < 0) return
        this.#waiting.splice(at, 1)
        reject(new ApiError('API_TOO_MANY_VIEWS'))
      }
      const waiter: Waiter = {
        address,
        begin: () => {
          gone.removeEventListener('abort', leave)
          // Before anybody else looks whether one runs.
          this.#running = true
          resolve()
        },
        refuse: reject,
      }
      gone.addEventListener('abort', leave)
      this.#waiting.push(waiter)
    })
  }
}
