import { toHex } from '@tallystick/core/codec'
import type { AdmittedTransaction } from '../verifier/index.ts'
import { poolBytesMax, poolTransactionsMax } from './limits.ts'

export interface PooledTransaction {
  readonly key: string
  readonly admitted: AdmittedTransaction
  readonly encoded: Uint8Array
}

/** The identity of a copy: copies of one transaction differ in their witness, and a stripped one must not push a good one out. */
export function copyKey({ id, witnessHash }: AdmittedTransaction): string {
  return toHex(id) + toHex(witnessHash)
}

/** Verified transactions that wait to be put into a batch of this node, oldest first. */
export class TransactionPool {
  readonly #waiting = new Map<string, PooledTransaction>()
  #bytes = 0

  get size(): number {
    return this.#waiting.size
  }

  get bytes(): number {
    return this.#bytes
  }

  has(key: string): boolean {
    return this.#waiting.has(key)
  }

  /** Whether another transaction of this size fits. */
  hasRoom(bytes: number): boolean {
    return this.#waiting.size < poolTransactionsMax && this.#bytes + bytes <= poolBytesMax
  }

  add(transaction: PooledTransaction): void {
    if (this.#waiting.has(transaction.key)) return
    this.#waiting.set(transaction.key, transaction)
    this.#bytes += transaction.encoded.length
  }

  /** Another validator's batch holds the same copy already. */
  remove(key: string): void {
    const transaction = this.#waiting.get(key)
    if (transaction === undefined) return
    this.#waiting.delete(key)
    this.#bytes -= transaction.encoded.length
  }

  /** Takes the oldest, up to the given sums. */
  take(max: { transactions: number; bytes: number; steps: number; writtenBytes: number }): PooledTransaction[] {
    const taken: PooledTransaction[] = []
    let { bytes, steps, writtenBytes } = max
    for (const transaction of this.#waiting.values()) {
      if (taken.length === max.transactions) break
      bytes -= transaction.encoded.length
      steps -= transaction.admitted.steps
      writtenBytes -= transaction.admitted.writtenBytes
      if (taken.length > 0 && (bytes < 0 || steps < 0 || writtenBytes < 0)) break
      taken.push(transaction)
    }
    for (const { key } of taken) this.remove(key)
    return taken
  }
}
