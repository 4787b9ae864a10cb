import { type TransactionId, transactionIdOf } from '@tallystick/core/protocol'
import { expect } from 'vitest'
import type { BadNetwork } from './bad-network.ts'

const validMs = 240_000

/** Transfers without a reference, each submitted twice; the network must do each once. */
export class PlainTransfers {
  readonly #network: BadNetwork
  readonly #through: readonly number[]
  readonly ids: TransactionId[] = []

  /** @param through - The validators that they are submitted to. */
  constructor(network: BadNetwork, through: readonly number[]) {
    this.#network = network
    this.#through = through
  }

  /** Resolves when one more is received. */
  async begin(): Promise<void> {
    const transaction = await this.#network.book.transfer(validMs)
    for (const attempt of [0, 1]) {
      const first = this.#through[(this.ids.length + attempt) % this.#through.length]!
      await this.#network.client(first, 'only').submit(transaction)
    }
    this.ids.push(transactionIdOf(transaction.body))
  }

  /** Resolves when all are proven. */
  async proven(): Promise<void> {
    const client = this.#network.client()
    for (const id of this.ids) {
      expect(await client.waitFor(id, 'proven', { timeoutMs: 60_000 })).toMatchObject({ result: 'OK' })
    }
  }
}
