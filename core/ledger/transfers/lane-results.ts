import {
  type PlainTransfers,
  type ResultCode,
  resultOfNumber,
  results,
  type TransactionId,
} from '../../protocol/index.ts'

/** Numbers of a line: sequence, debits posted and pending, credits posted and pending, all after the change. */
export const lineNumbers = 5

/** A transaction that the lane has executed and not yet hashed. */
export interface LaneTransaction {
  readonly id: TransactionId
  readonly plain: PlainTransfers
  /** Its place among all receipts of the block, and among the block's transactions. */
  readonly index: number
  readonly ordinal: number
  /** Where its salts begin, in digests: the envelope's, then each action's. */
  readonly saltAt: number
  /** Numbers of the results, one for each action. */
  readonly results: Uint8Array
  readonly result: ResultCode
  /** Its first line; a done transfer has two. */
  readonly firstLine: number
  readonly lines: number
}

/** Lines of many transactions one after another: what transfers wrote into positions. */
export class LaneLines {
  numbers = new Float64Array(4_096 * lineNumbers)
  positions = new Int32Array(4_096)
  count = 0

  /** @returns where the next line's numbers begin. */
  add(position: number): number {
    if (this.count === this.positions.length) this.#grow()
    this.positions[this.count] = position
    return this.count++ * lineNumbers
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.numbers.length)
    numbers.set(this.numbers)
    this.numbers = numbers
    const positions = new Int32Array(2 * this.positions.length)
    positions.set(this.positions)
    this.positions = positions
  }
}

/** The result of a transaction whose groups are one transfer each. @param numbers - Of the transfers' results. */
export function overallOf(numbers: Uint8Array): ResultCode {
  const ok = results.OK.number
  let failed = 0
  let failure = ok
  for (const number of numbers) if (number !== ok && failed++ === 0) failure = number
  return failed === 0 || failed === numbers.length ? resultOfNumber(failure) : 'PARTLY_DONE'
}
