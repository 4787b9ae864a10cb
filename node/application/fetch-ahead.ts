import type { Block } from '@tallystick/core/protocol'
import type { Mempool } from '../mempool/index.ts'

/** Blocks that are fetched ahead, and how many bytes of batches are meant to be under way with them. */
const blocksAheadMax = 16
const bytesAheadTarget = 524_288

/**
 * Fetches the batches of final blocks that come next while this one's are still on their way: else a node that is behind waits for one
 * answer after the other. How large they are nobody knows before they are here, so it begins with one block and takes as many as
 * the last ones allow.
 */
export class FetchAhead {
  readonly #mempool: Pick<Mempool, 'ensureHeld'>
  #askedHeight = 0
  #blockBytes = bytesAheadTarget

  constructor(mempool: Pick<Mempool, 'ensureHeld'>) {
    this.#mempool = mempool
  }

  /** @param blocks - Final blocks in order; the one at `at` is waited for now. */
  behind(blocks: readonly Block[], at: number): void {
    const count = Math.min(Math.floor(bytesAheadTarget / this.#blockBytes), blocksAheadMax)
    for (const next of blocks.slice(at + 1, at + 1 + count)) {
      const { height } = next.header
      if (height <= this.#askedHeight) continue
      this.#askedHeight = height
      void this.#mempool.ensureHeld(next, height)
    }
  }

  /** The batches of the next block are here. */
  came(bytes: number): void {
    this.#blockBytes = Math.max(bytes, this.#blockBytes / 2, 1)
  }
}
