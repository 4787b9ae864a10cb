import type { HashBatch } from './hash-batch.ts'

/** Messages of a pass: with their digests they stay in the processor's cache. A multiple of `sideBySide`. */
export const messagesPerPass = 2_048

/**
 * Digests of any number of messages, hashed by one batch in passes. A message is to be written whole before the next is begun.
 *
 * @example
 * const passes = new HashPasses(batch, messages.length)
 * for (const message of messages) {
 *   const at = passes.begin(kind, message.length)
 *   batch.memory.set(message, at) // read after `begin`, which may move the memory
 * }
 * passes.take() // 32 bytes for each
 */
export class HashPasses {
  readonly #batch: HashBatch
  readonly #digests: Uint8Array<ArrayBuffer>
  #digestAt = 0

  /** @param batch - Cleared, and used by nobody else meanwhile. @param count - Of all messages. */
  constructor(batch: HashBatch, count: number) {
    batch.clear()
    this.#batch = batch
    this.#digests = new Uint8Array(32 * count)
  }

  /** As `HashBatch.begin`. */
  begin(kind: number, length: number): number {
    if (this.#batch.count === messagesPerPass) this.#endPass()
    return this.#batch.begin(kind, length)
  }

  /** Ends the last pass. @returns all digests, in the order in which messages were begun. */
  take(): Uint8Array<ArrayBuffer> {
    this.#endPass()
    return this.#digests
  }

  #endPass(): void {
    const batch = this.#batch
    batch.run()
    const bytes = 32 * batch.count
    this.#digests.set(batch.digests.subarray(0, bytes), this.#digestAt)
    this.#digestAt += bytes
    batch.clear()
  }
}
