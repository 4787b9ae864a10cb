import { toHex } from '@tallystick/core/codec'
import { taggedHash } from '@tallystick/core/crypto'
import type { BatchDigest } from '@tallystick/core/protocol'
import type { EventQueue } from './event-queue.ts'

export interface SimulatedBatch {
  readonly digest: BatchDigest
  readonly key: string
  /** Its signature is wrong: no block that lists it is valid. */
  readonly isBad: boolean
}

/** Batches of the whole network: made at one node, at the others after a while. */
export class Workload {
  readonly batches = new Map<string, SimulatedBatch>()
  /** By node, the batches that it holds durably. */
  readonly held: Set<string>[]
  readonly #queue: EventQueue
  readonly #arrived: (node: number) => void

  constructor(nodes: number, queue: EventQueue, arrived: (node: number) => void) {
    this.held = Array.from({ length: nodes }, () => new Set())
    this.#queue = queue
    this.#arrived = arrived
  }

  make(delaysMs: readonly (number | undefined)[], isBad = false): SimulatedBatch {
    const digest = taggedHash(
      'simulator/batch',
      Uint8Array.of(this.batches.size & 255, this.batches.size >> 8),
    ) as BatchDigest
    const batch = { digest, key: toHex(digest), isBad }
    this.batches.set(batch.key, batch)
    for (const [node, delayMs] of delaysMs.entries()) {
      if (delayMs === undefined) continue
      this.#queue.after(delayMs, () => {
        this.held[node]!.add(batch.key)
        this.#arrived(node)
      })
    }
    return batch
  }
}
