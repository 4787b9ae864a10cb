import { encode, Writer } from '@tallystick/core/codec'
import { type TransactionId, transaction, transactionIdOf } from '@tallystick/core/protocol'
import type { Book } from './book.ts'

/** Longer than a test; at most ten minutes are allowed. */
const validMs = 9 * 60_000

/** The body of one submission. */
export interface PreparedRequest {
  readonly form: 'one' | 'list'
  readonly body: Uint8Array<ArrayBuffer>
  readonly ids: readonly TransactionId[]
  readonly validUntilMs: number
}

/** Signed and packed payments, so that the generator of a load has nothing to do but to send. */
export class PreparedPayments {
  readonly #book: Book
  readonly #perRequest: number
  readonly #requests: PreparedRequest[] = []

  constructor(book: Book, perRequest: number) {
    this.#book = book
    this.#perRequest = perRequest
  }

  get size(): number {
    return this.#requests.length * this.#perRequest
  }

  /** Makes as many payments as there have to be. */
  async fill(payments: number): Promise<void> {
    while (this.size < payments) {
      this.#requests.push(await preparedList(this.#book, this.#perRequest))
      await new Promise(setImmediate)
    }
  }

  /** @returns `undefined` where all are used or under way. */
  take(): PreparedRequest | undefined {
    return this.#requests.shift()
  }

  /** The next, made now where all are used or under way: a quick machine uses more than were prepared. */
  async takeOrMake(): Promise<PreparedRequest> {
    return this.take() ?? (await preparedList(this.#book, this.#perRequest))
  }

  /** A node looked at nothing of it, so it can be sent again. */
  giveBack(request: PreparedRequest): void {
    this.#requests.push(request)
  }
}

async function preparedList(book: Book, count: number): Promise<PreparedRequest> {
  const writer = new Writer(count * 512)
  writer.u32(count)
  const ids: TransactionId[] = []
  let validUntilMs = 0
  for (let i = 0; i < count; i++) {
    const payment = await book.transfer(validMs)
    writer.bytes(encode(transaction, payment))
    ids.push(transactionIdOf(payment.body))
    validUntilMs = payment.body.validUntilMs
  }
  return { form: 'list', body: new Uint8Array(writer.finish()), ids, validUntilMs }
}

/** A single payment that is valid for so long. */
export async function preparedOne(book: Book, validForMs: number): Promise<PreparedRequest> {
  const payment = await book.transfer(validForMs)
  const { validUntilMs } = payment.body
  return {
    form: 'one',
    body: new Uint8Array(encode(transaction, payment)),
    ids: [transactionIdOf(payment.body)],
    validUntilMs,
  }
}
