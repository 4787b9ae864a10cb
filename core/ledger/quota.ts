import type { MemberId, MemberRecord, TransactionLimits } from '../protocol/index.ts'
import { latin1 } from './state/state-key-text.ts'

/** What members have used of their quotas in the block under way. */
export class QuotaUse {
  readonly #used = new Map<string, TransactionLimits>()

  /** Counts the declared limits against the member's quota. @returns false, counting nothing, if they do not fit. */
  charge(member: MemberId, { quota }: MemberRecord, limits: TransactionLimits): boolean {
    const text = latin1(member)
    const used = this.#used.get(text) ?? { steps: 0, writtenBytes: 0 }
    // Compared as differences: declared limits reach 2^53 - 1, so that sums would not be exact.
    if (limits.steps > quota.stepsPerBlock - used.steps) return false
    if (limits.writtenBytes > quota.writtenBytesPerBlock - used.writtenBytes) return false
    this.#used.set(text, {
      steps: used.steps + limits.steps,
      writtenBytes: used.writtenBytes + limits.writtenBytes,
    })
    return true
  }
}
