import type { Client } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { type TransactionId, transactionIdOf } from '@tallystick/core/protocol'
import { expect } from 'vitest'
import { type BadNetwork, until, validators } from './bad-network.ts'

const payersMax = 8
const attemptTimeoutMs = 4_000
const receiptsCheckedMax = 25

/** A transaction that a validator answered `final` or more. */
interface Acknowledged {
  readonly reference: string
  readonly id: TransactionId
  readonly height: number
}

/**
 * Payers that never stop: each pays one reference after the other, and asks for a reference again, in a new transaction, until it is
 * proven. Every answer of `final` or more is remembered and held against the network in the end.
 */
export class Load {
  readonly #network: BadNetwork
  readonly #name: string
  readonly acknowledged: Acknowledged[] = []
  readonly #references = new Set<string>()
  readonly #payers: Promise<void>[] = []
  readonly #pauseMs: number
  #stopping = false

  /**
   * @param through - The validators that the payers ask first, in turn.
   * @param options.pauseMs - How long a payer rests between two payments.
   */
  constructor(
    network: BadNetwork,
    name: string,
    through: readonly number[] = validators,
    { payers = payersMax, pauseMs = 0 }: { readonly payers?: number; readonly pauseMs?: number } = {},
  ) {
    this.#network = network
    this.#name = name
    this.#pauseMs = pauseMs
    for (let payer = 0; payer < payers; payer++) this.#payers.push(this.#pay(payer, through[payer % through.length]!))
  }

  async #pay(payer: number, first: number): Promise<void> {
    const client = this.#network.client(first)
    for (let count = 0; !this.#stopping && !this.#network.hasEnded; count++) {
      const reference = `${this.#name}/${payer}/${count}`
      this.#references.add(reference)
      while (!this.#network.hasEnded && !(await this.#attempt(client, reference)))
        await new Promise((resolve) => setTimeout(resolve, 50))
      if (this.#pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#pauseMs))
    }
  }

  async #attempt(client: Client, reference: string): Promise<boolean> {
    const transaction = await this.#network.book.payment(reference)
    const id = transactionIdOf(transaction.body)
    try {
      await client.submit(transaction)
      const final = await client.waitFor(id, 'final', { timeoutMs: attemptTimeoutMs })
      if (!('height' in final)) return false
      this.acknowledged.push({ reference, id, height: final.height })
      const proven = await client.waitFor(id, 'proven', { timeoutMs: attemptTimeoutMs })
      expect(proven).toMatchObject({ result: expect.stringMatching(/^(OK|ALREADY_DONE)$/), height: final.height })
      return true
    } catch (error) {
      // A validator that was killed, or that waits for a quorum, is why there is a load; anything else is a finding.
      if (/^CLIENT_(NO_NODE_ANSWERED|NODE_|WAIT_TIMEOUT|REFUSED)/.test((error as { code?: string }).code ?? ''))
        return false
      throw error
    }
  }

  /** Resolves when so many more than now were acknowledged. */
  async more(count: number, timeoutMs = 60_000): Promise<void> {
    const wanted = this.acknowledged.length + count
    const progress = until(`${count} more acknowledged payments`, () => this.acknowledged.length >= wanted, timeoutMs)
    await Promise.race([progress, Promise.all(this.#payers)])
  }

  /** Every reference that was begun is paid to its end. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#payers)
  }

  /**
   * Requires of every one of these validators that what was acknowledged is there, at the height that was named, that no
   * reference was paid twice, and that all have the same blocks and roots.
   * @param options.otherPayments - How many references were paid besides those of the load.
   */
  async expectAllKept({
    indexes = validators,
    otherPayments = 0,
  }: {
    readonly indexes?: readonly number[]
    readonly otherPayments?: number
  } = {}): Promise<void> {
    await this.#network.expectSameChain(indexes)
    for (const index of indexes) {
      const client = this.#network.client(index, 'only')
      for (let from = 0; from < this.acknowledged.length; from += 100) {
        const part = this.acknowledged.slice(from, from + 100)
        const statuses = await client.statusesOf(part.map(({ id }) => id))
        for (const [i, { reference, height, id }] of part.entries()) {
          const kept = `${reference} (${toHex(id)}) at validator ${index}`
          expect(statuses[i], kept).toMatchObject({ status: expect.stringMatching(/executed|proven/), height })
        }
      }
      expect(await this.#network.book.paid(client), `validator ${index}`).toBe(this.#references.size + otherPayments)
    }
    const client = this.#network.client()
    const step = Math.max(1, Math.floor(this.acknowledged.length / receiptsCheckedMax))
    for (let i = 0; i < this.acknowledged.length; i += step) {
      const { id, height } = this.acknowledged[i]!
      expect((await client.verifiedReceipt(id)).receipt.position.height).toBe(height)
    }
  }
}
