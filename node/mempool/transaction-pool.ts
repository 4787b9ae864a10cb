import type { CheckedTransactions } from '../verifier/index.ts'
import type { Arrival } from './arrival.ts'
import { poolBytesMax, poolTransactionsMax } from './limits.ts'

/** A verified transaction: one of a packed list, with the bytes in which its encoding stands. */
export interface PooledTransaction {
  readonly key: string
  readonly checked: CheckedTransactions
  readonly index: number
  readonly bytes: Uint8Array
  /** The submissions that wait until it is durable. */
  readonly arrivals: Arrival[]
}

/** The identity of a copy: copies of one transaction differ in their witness, and a stripped one must not push a good one out. */
export function copyKeys({ leaves }: CheckedTransactions, from: number, to: number): string[] {
  const buffer = Buffer.from(leaves.buffer, leaves.byteOffset, leaves.length)
  const keys: string[] = []
  for (let i = from; i < to; i++) keys.push(buffer.toString('latin1', 32 * i, 32 * i + 32))
  return keys
}

export function encodedLength({ checked, index }: PooledTransaction): number {
  return checked.offsets[index + 1]! - checked.offsets[index]!
}

export interface PoolSums {
  transactions: number
  bytes: number
  steps: number
  writtenBytes: number
}

/** Verified transactions that wait to be put into a batch of this node, oldest first. */
export class TransactionPool {
  readonly #waiting = new Map<string, PooledTransaction>()
  #bytes = 0
  #steps = 0

  get size(): number {
    return this.#waiting.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get steps(): number {
    return this.#steps
  }

  get(key: string): PooledTransaction | undefined {
    return this.#waiting.get(key)
  }

  /** Whether the memory for another transaction is there. */
  hasRoom(bytes: number): boolean {
    return this.#waiting.size < poolTransactionsMax && this.#bytes + bytes <= poolBytesMax
  }

  /** Nothing with this key waits yet. */
  add(transaction: PooledTransaction): void {
    this.#waiting.set(transaction.key, transaction)
    this.#bytes += encodedLength(transaction)
    this.#steps += transaction.checked.steps[transaction.index]!
  }

  /** @returns what waited: it is in a batch now. */
  remove(key: string): PooledTransaction | undefined {
    const transaction = this.#waiting.get(key)
    if (transaction === undefined) return undefined
    this.#waiting.delete(key)
    this.#bytes -= encodedLength(transaction)
    this.#steps -= transaction.checked.steps[transaction.index]!
    return transaction
  }

  /** Takes the oldest, up to the given sums. */
  take(max: PoolSums): PooledTransaction[] {
    const taken: PooledTransaction[] = []
    let { bytes, steps, writtenBytes } = max
    for (const transaction of this.#waiting.values()) {
      if (taken.length === max.transactions) break
      const { checked, index } = transaction
      bytes -= encodedLength(transaction)
      steps -= checked.steps[index]!
      writtenBytes -= checked.writtenBytes[index]!
      if (taken.length > 0 && (bytes < 0 || steps < 0 || writtenBytes < 0)) break
      taken.push(transaction)
    }
    for (const { key } of taken) this.remove(key)
    return taken
  }
}
