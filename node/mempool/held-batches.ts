import { toHex } from '@tallystick/core/codec'
import type { BatchDigest, BatchHeader } from '@tallystick/core/protocol'
import type { AdmittedTransaction } from '../verifier/index.ts'
import { copyKey } from './transaction-pool.ts'

/** A batch that is verified and synced here, and not yet in a final block. */
export interface HeldBatch {
  readonly digest: BatchDigest
  readonly header: BatchHeader
  readonly encoded: Uint8Array
  readonly transactions: readonly AdmittedTransaction[]
  /** Indexes of the validators known to hold it. */
  readonly holders: Set<number>
  readonly sinceMs: number
}

/** The batches that can be proposed, with what is known of who holds them. */
export class HeldBatches {
  readonly #batches = new Map<string, HeldBatch>()
  readonly #copies = new Set<string>()
  readonly #bytesByAuthor = new Map<string, number>()
  /** `have` messages that came before the batch itself. */
  readonly #earlyHolders = new Map<string, Set<number>>()

  get size(): number {
    return this.#batches.size
  }

  values(): IterableIterator<HeldBatch> {
    return this.#batches.values()
  }

  get(digestHex: string): HeldBatch | undefined {
    return this.#batches.get(digestHex)
  }

  /** Whether a held batch has this copy of a transaction. */
  hasCopy(key: string): boolean {
    return this.#copies.has(key)
  }

  bytesOf(author: Uint8Array): number {
    return this.#bytesByAuthor.get(toHex(author)) ?? 0
  }

  add(batch: HeldBatch): void {
    const hex = toHex(batch.digest)
    for (const index of this.#earlyHolders.get(hex) ?? []) batch.holders.add(index)
    this.#earlyHolders.delete(hex)
    this.#batches.set(hex, batch)
    for (const transaction of batch.transactions) this.#copies.add(copyKey(transaction))
    const author = toHex(batch.header.author)
    this.#bytesByAuthor.set(author, (this.#bytesByAuthor.get(author) ?? 0) + batch.encoded.length)
  }

  noteHolder(digest: Uint8Array, validator: number): void {
    const hex = toHex(digest)
    const batch = this.#batches.get(hex)
    if (batch !== undefined) {
      batch.holders.add(validator)
      return
    }
    if (this.#earlyHolders.size >= 4_096) this.#earlyHolders.clear()
    const early = this.#earlyHolders.get(hex) ?? new Set()
    this.#earlyHolders.set(hex, early.add(validator))
  }

  remove(digestHex: string): HeldBatch | undefined {
    const batch = this.#batches.get(digestHex)
    this.#earlyHolders.delete(digestHex)
    if (batch === undefined) return undefined
    this.#batches.delete(digestHex)
    for (const transaction of batch.transactions) this.#copies.delete(copyKey(transaction))
    const author = toHex(batch.header.author)
    this.#bytesByAuthor.set(author, (this.#bytesByAuthor.get(author) ?? 0) - batch.encoded.length)
    return batch
  }
}
