import type { AdmissionGate } from './admission.ts'
import type { CheckedTransactions } from './checked-transactions.ts'

/** One of the transactions that were checked together, with its own place in the packed verdict. */
export interface CheckedSingle {
  readonly checked: CheckedTransactions
  readonly index: number
  /** All that were checked together; `checked.offsets` count in it. */
  readonly encoded: Uint8Array
}

interface Single {
  readonly encoded: Uint8Array
  resolve(checked: CheckedSingle): void
  reject(error: Error): void
}

type Check = (
  encoded: Uint8Array<ArrayBuffer>,
  ends: Uint32Array<ArrayBuffer>,
  gate: AdmissionGate,
) => Promise<CheckedTransactions>

/** Transactions sent to a thread together. */
const singlesMax = 1_024
const bytesMax = 4 * 1_048_576

/** Gathers the transactions that are submitted one by one in one turn of the event loop, since each message costs. */
export class SingleSubmissions {
  readonly #check: Check
  #waiting: Single[] = []
  #bytes = 0
  #gate: AdmissionGate | undefined

  constructor(check: Check) {
    this.#check = check
  }

  /** @param gate - The first one of a turn holds for all that come with it. */
  verify(encoded: Uint8Array, gate: AdmissionGate): Promise<CheckedSingle> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send())
      this.#waiting.push({ encoded, resolve, reject })
      this.#bytes += encoded.length
      this.#gate ??= gate
      if (this.#waiting.length >= singlesMax || this.#bytes >= bytesMax) this.#send()
    })
  }

  #send(): void {
    const singles = this.#waiting
    const gate = this.#gate
    if (gate === undefined) return
    const encoded = new Uint8Array(this.#bytes)
    const ends = new Uint32Array(singles.length)
    let end = 0
    for (const [i, single] of singles.entries()) {
      encoded.set(single.encoded, end)
      end += single.encoded.length
      ends[i] = end
    }
    this.#waiting = []
    this.#bytes = 0
    this.#gate = undefined
    // The thread takes the bytes away, and the batch is cut from them later.
    const kept = encoded.slice()
    this.#check(encoded, ends, gate).then(
      (checked) => {
        for (const [index, { resolve }] of singles.entries()) resolve({ checked, index, encoded: kept })
      },
      (error: Error) => {
        for (const { reject } of singles) reject(error)
      },
    )
  }
}
