import type { Heights } from '../api/index.ts'

/** The three heights of a node, and who wants to know when one moves. */
export class HeightWatch {
  readonly #listeners = new Set<(heights: Heights) => void>()
  #heights: Heights

  constructor(start: Heights) {
    this.#heights = start
  }

  get current(): Heights {
    return this.#heights
  }

  move(change: Partial<Heights>): void {
    this.#heights = { ...this.#heights, ...change }
    for (const listener of this.#listeners) listener(this.#heights)
  }

  watch(listener: (heights: Heights) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
