interface Event {
  readonly atMs: number
  readonly sequence: number
  readonly run: () => void
}

/** Events in the order of simulated time, and of their making where times are equal: a binary heap. */
export class EventQueue {
  readonly #heap: Event[] = []
  #sequence = 0
  nowMs = 0

  after(delayMs: number, run: () => void): void {
    this.#heap.push({ atMs: this.nowMs + delayMs, sequence: this.#sequence++, run })
    this.#rise(this.#heap.length - 1)
  }

  /** Runs the next event. @returns `false` if there is none. */
  runNext(): boolean {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return false
    if (this.#heap.length > 0) {
      this.#heap[0] = last
      this.#sink(0)
    }
    this.nowMs = first.atMs
    first.run()
    return true
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a]!, this.#heap[b]!]
    return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence)
  }

  #swap(a: number, b: number): void {
    const held = this.#heap[a]!
    this.#heap[a] = this.#heap[b]!
    this.#heap[b] = held
  }

  #rise(from: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(from: number): void {
    let at = from
    for (;;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#before(child, least)) least = child
      }
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }
}
