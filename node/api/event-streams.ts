import { ApiError } from './errors.ts'
import type { EventStream } from './event-stream.ts'

/** The open event streams, counted by their reader's address. */
export class EventStreams {
  readonly #streamsMax: number
  readonly #perAddressMax: number
  readonly #open = new Map<EventStream, string>()

  constructor(streamsMax: number, perAddressMax: number) {
    this.#streamsMax = streamsMax
    this.#perAddressMax = perAddressMax
  }

  get size(): number {
    return this.#open.size
  }

  /** @throws {ApiError} API_TOO_MANY_STREAMS. */
  admit(address: string): void {
    let own = 0
    for (const other of this.#open.values()) if (other === address) own++
    if (this.#open.size >= this.#streamsMax || own >= this.#perAddressMax) throw new ApiError('API_TOO_MANY_STREAMS')
  }

  /** Keeps the stream until its end. */
  async run(stream: EventStream, address: string): Promise<void> {
    this.#open.set(stream, address)
    try {
      await stream.run()
    } finally {
      this.#open.delete(stream)
    }
  }

  close(): void {
    for (const stream of this.#open.keys()) stream.close()
  }
}
