/** One body that arrives, or one answer that leaves. */
export interface InFlight {
  add(bytes: number): void
  /** It has wholly arrived or left. */
  done(): void
}

/**
 * Bounds the memory of bodies that arrive and of answers that leave, over all connections: beyond the limit the oldest of them is cut.
 * What takes a client of good will a moment never is the oldest for long.
 */
export class InFlightBytes {
  readonly #bytesMax: number
  /** Oldest first. */
  readonly #flights = new Set<{ bytes: number; readonly cut: () => void }>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @param cut - Ends its connection; called at most once. */
  enter(cut: () => void): InFlight {
    const flight = { bytes: 0, cut }
    this.#flights.add(flight)
    return {
      add: (bytes) => {
        if (!this.#flights.has(flight)) return
        flight.bytes += bytes
        this.#bytes += bytes
        this.#shrink()
      },
      done: () => this.#remove(flight),
    }
  }

  #remove(flight: { bytes: number }): void {
    if (this.#flights.delete(flight as { bytes: number; cut: () => void })) this.#bytes -= flight.bytes
  }

  #shrink(): void {
    for (const flight of this.#flights) {
      if (this.#bytes <= this.#bytesMax) return
      this.#remove(flight)
      flight.cut()
    }
  }
}
