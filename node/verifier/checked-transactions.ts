import type { AdmissionProblem } from './admission.ts'

/** Why one of a list is refused. */
export interface Refusal {
  readonly index: number
  readonly problem: AdmissionProblem
  readonly detail: string
}

/**
 * What the checks found of a list of transactions: all that the main thread needs to know, so that it never decodes one.
 * Packed, since a message of thousands of small arrays between threads costs more than the checks of many.
 */
export interface CheckedTransactions {
  readonly count: number
  /** 32 bytes each; zeros for what could not be decoded. */
  readonly ids: Uint8Array<ArrayBuffer>
  /** `orderedTransactionLeaf` of each, 32 bytes: also the identity of a copy. */
  readonly leaves: Uint8Array<ArrayBuffer>
  readonly validUntilMs: Float64Array<ArrayBuffer>
  /** The declared limits. */
  readonly steps: Float64Array<ArrayBuffer>
  readonly writtenBytes: Float64Array<ArrayBuffer>
  /** Where each encoding starts in what was checked, and after the last one, where that ends. */
  readonly offsets: Uint32Array<ArrayBuffer>
  /** In rising order of their indexes; all others passed. */
  readonly refusals: readonly Refusal[]
}

/** The memory that moves to the other thread with the answer. */
export function transferable({ ids, leaves, validUntilMs, steps, writtenBytes, offsets }: CheckedTransactions) {
  return [ids, leaves, validUntilMs, steps, writtenBytes, offsets].map(({ buffer }) => buffer)
}
