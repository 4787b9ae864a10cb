import { compareText } from './state/state-key-text.ts'

export interface Expiry {
  readonly atMs: number
  /** Text of the key of the record that ends then. */
  readonly text: string
}

/** A queue this much longer than what lives in it is cleaned. */
const staleFactorMax = 2
const staleAllowance = 1_024

/**
 * What ends when, in (time, key) order: a binary heap. Records that end earlier by other means stay in it until they come
 * to the top or outnumber the living; `isLive` tells them apart, which works because a key comes again only after the queue gave
 * it out.
 */
export class ExpiryQueue {
  readonly #isLive: (text: string) => boolean
  #heap: Expiry[] = []
  #compactAbove = staleAllowance

  constructor(isLive: (text: string) => boolean) {
    this.#isLive = isLive
  }

  push(expiry: Expiry): void {
    this.#heap.push(expiry)
    this.#siftUp(this.#heap.length - 1)
    if (this.#heap.length > this.#compactAbove) this.#compact()
  }

  /** The first that lives. */
  peek(): Expiry | undefined {
    while (this.#heap.length > 0 && !this.#isLive(this.#heap[0]!.text)) this.#removeFirst()
    return this.#heap[0]
  }

  /** Takes the first that lives and ends at or before `timeMs`. The caller ends it. */
  popDue(timeMs: number): Expiry | undefined {
    const first = this.peek()
    if (first === undefined || first.atMs > timeMs) return undefined
    this.#removeFirst()
    return first
  }

  #compact(): void {
    this.#heap = this.#heap.filter(({ text }) => this.#isLive(text)).sort(compareExpiries)
    this.#compactAbove = this.#heap.length * staleFactorMax + staleAllowance
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#siftDown()
  }

  #siftUp(from: number): void {
    const heap = this.#heap
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (compareExpiries(heap[parent]!, heap[at]!) <= 0) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #siftDown(): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) return
      const right = left + 1
      const child = right < heap.length && compareExpiries(heap[right]!, heap[left]!) < 0 ? right : left
      if (compareExpiries(heap[at]!, heap[child]!) <= 0) return
      this.#swap(at, child)
      at = child
    }
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a]!
    this.#heap[a] = this.#heap[b]!
    this.#heap[b] = kept
  }
}

function compareExpiries(a: Expiry, b: Expiry): number {
  return a.atMs - b.atMs || compareText(a.text, b.text)
}
