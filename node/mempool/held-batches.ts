import { toHex } from '@tallystick/core/codec'
import type { BatchDigest, BatchHeader } from '@tallystick/core/protocol'
import type { CheckedTransactions } from '../verifier/index.ts'
import { copyKeys } from './transaction-pool.ts'

/** A batch that is verified and synced here, and not yet in a final block. */
export interface HeldBatch {
  readonly digest: BatchDigest
  readonly hex: string
  readonly header: BatchHeader
  readonly encoded: Uint8Array
  readonly transactions: CheckedTransactions
  /** Of each transaction, `copyKeys`. */
  readonly keys: readonly string[]
  /** Indexes of the validators known to hold it. */
  readonly holders: Set<number>
  readonly sinceMs: number
}

interface AuthorSums {
  readonly batches: number
  readonly bytes: number
  readonly steps: number
}

/** The batches that can be proposed, with what is known of who holds them. */
export class HeldBatches {
  readonly #batches = new Map<string, HeldBatch>()
  readonly #copies = new Set<string>()
  readonly #byAuthor = new Map<string, AuthorSums>()
  /** `have` messages that came before the batch itself. */
  readonly #earlyHolders = new Map<string, Set<number>>()
  #steps = 0

  get size(): number {
    return this.#batches.size
  }

  /** The declared steps of all of them. */
  get steps(): number {
    return this.#steps
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

  /** Number, bytes and declared steps of the batches of an author. */
  sumsOf(author: Uint8Array): AuthorSums {
    return this.#byAuthor.get(toHex(author)) ?? { batches: 0, bytes: 0, steps: 0 }
  }

  add(batch: HeldBatch): void {
    for (const index of this.#earlyHolders.get(batch.hex) ?? []) batch.holders.add(index)
    this.#earlyHolders.delete(batch.hex)
    this.#batches.set(batch.hex, batch)
    for (const key of batch.keys) this.#copies.add(key)
    this.#count(batch, 1)
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
    for (const key of batch.keys) this.#copies.delete(key)
    this.#count(batch, -1)
    return batch
  }

  #count({ header, encoded }: HeldBatch, sign: 1 | -1): void {
    const { batches, bytes, steps } = this.sumsOf(header.author)
    this.#byAuthor.set(toHex(header.author), {
      batches: batches + sign,
      bytes: bytes + sign * encoded.length,
      steps: steps + sign * header.steps,
    })
    this.#steps += sign * header.steps
  }
}

/** What is held of a batch that was checked: `holders` is who is known to have it. */
export function heldBatch(
  checked: { digest: BatchDigest; header: BatchHeader; transactions: CheckedTransactions },
  encoded: Uint8Array,
  holders: Set<number>,
  sinceMs: number,
): HeldBatch {
  const { digest, header, transactions } = checked
  const keys = copyKeys(transactions, 0, transactions.count)
  return { digest, hex: toHex(digest), header, encoded, transactions, keys, holders, sinceMs }
}
