import type { Commit } from '@tallystick/core/consensus'
import type { Block } from '@tallystick/core/protocol'
import type { Random } from './random.ts'

export interface CommitSurroundings {
  readonly random: Random
  /** The longest that storing one block takes. */
  readonly blockMsMax: number
  after(delayMs: number, run: () => void): void
  /** Whether every batch of the commit is here. */
  holdsAll(commit: Commit): boolean
  /** Everything of it is on the disk. */
  stored(commit: Commit): void
}

/**
 * A node's commits as the real one makes them (`EffectRunner` of node/simplex): one after the other, each once its batches are
 * here, and every block of it takes its time. The core goes on meanwhile, so several may wait.
 */
export class CommitQueue {
  readonly #around: CommitSurroundings
  readonly #waiting: Commit[] = []
  #isStoring = false

  constructor(around: CommitSurroundings) {
    this.#around = around
  }

  /** Final for the core, but not yet on the disk. */
  get blocks(): Block[] {
    return this.#waiting.flatMap(({ blocks }) => blocks)
  }

  /** What the disk may hold a beginning of. */
  get storing(): Commit | undefined {
    return this.#isStoring ? this.#waiting[0] : undefined
  }

  add(commit: Commit): void {
    this.#waiting.push(commit)
    this.goOn()
  }

  /** To be called when a batch has come, too. */
  goOn(): void {
    const [next] = this.#waiting
    const { random, blockMsMax, after, holdsAll, stored } = this.#around
    if (this.#isStoring || next === undefined || !holdsAll(next)) return
    this.#isStoring = true
    const delayMs = next.blocks.reduce((sum) => sum + random.between(1, blockMsMax), 0)
    after(delayMs, () => {
      this.#isStoring = false
      this.#waiting.shift()
      stored(next)
      this.goOn()
    })
  }
}
