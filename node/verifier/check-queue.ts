/** What waits for a thread, and how much there is to check. */
export interface Check {
  readonly kind: 'batch' | 'submission'
  readonly bytes: number
}

/** Bytes of batches for each byte of submissions while both wait: of four validators under full load each brings as much. */
const batchesPerSubmission = 3
/** Of submissions that may go at once after a time of batches alone. */
const ownShareMaxBytes = 1_048_576

/**
 * The order of checks. Batches come before new submissions, since what others have taken is promised, but not always: a node
 * that is slower than the others would never get to its own clients, and they would wait instead of being refused.
 */
export class CheckQueue<C extends Check> {
  readonly #batches: C[] = []
  readonly #submissions: C[] = []
  /** Bytes of submissions whose turn it is. */
  #ownShareBytes = 0

  get size(): number {
    return this.#batches.length + this.#submissions.length
  }

  add(check: C): void {
    ;(check.kind === 'batch' ? this.#batches : this.#submissions).push(check)
  }

  /** Takes the next one. */
  next(): C | undefined {
    const isSubmissionsTurn = this.#ownShareBytes > 0 && this.#submissions.length > 0
    const batch = isSubmissionsTurn ? undefined : this.#batches.shift()
    if (batch !== undefined) {
      const share = this.#ownShareBytes + batch.bytes / batchesPerSubmission
      this.#ownShareBytes = Math.min(share, ownShareMaxBytes)
      return batch
    }
    const submission = this.#submissions.shift()
    if (submission !== undefined) this.#ownShareBytes = Math.max(0, this.#ownShareBytes - submission.bytes)
    return submission
  }

  /** Takes all. */
  clear(): C[] {
    return [...this.#batches.splice(0), ...this.#submissions.splice(0)]
  }
}
