import { toHex } from '@tallystick/core/codec'
import {
  type BatchDigest,
  type Parameters,
  payloadItemsMax,
  quorumStake,
  type Validator,
} from '@tallystick/core/protocol'
import type { HeldBatch, HeldBatches } from './held-batches.ts'
import { batchExpiryAheadMaxMs } from './limits.ts'

/** Sums of what a payload may use. */
export interface PayloadBudget {
  bytes: number
  steps: number
  writtenBytes: number
}

export function payloadBudget({ payloadBytesMax, stepsMax, writtenBytesMax }: Parameters['block']): PayloadBudget {
  return { bytes: payloadBytesMax, steps: stepsMax, writtenBytes: writtenBytesMax }
}

/** Takes a batch's sums out of the budget; `false`, and nothing taken, if it does not fit. */
export function spendBudget(
  budget: PayloadBudget,
  sums: { bytes: number; steps: number; writtenBytes: number },
): boolean {
  if (sums.bytes > budget.bytes || sums.steps > budget.steps || sums.writtenBytes > budget.writtenBytes) return false
  budget.bytes -= sums.bytes
  budget.steps -= sums.steps
  budget.writtenBytes -= sums.writtenBytes
  return true
}

/** Whether a block of this time may list a batch: it is a rule of validity, so every node decides it alike. */
export function batchFitsTime(expiresMs: number, blockTimeMs: number): boolean {
  return expiresMs > blockTimeMs && expiresMs <= blockTimeMs + batchExpiryAheadMaxMs
}

/**
 * What a leader proposes: batches that validators with a quorum of stake hold, oldest first, one author after another.
 * @param used - Hexadecimal digests on the path since the last final block, and of final blocks.
 */
export function selectBatches(
  held: HeldBatches,
  validators: readonly Validator[],
  parameters: Parameters['block'],
  blockTimeMs: number,
  used: (digestHex: string) => boolean,
): BatchDigest[] {
  const quorum = quorumStake(validators)
  const queues = new Map<string, HeldBatch[]>()
  for (const batch of held.values()) {
    let stake = 0n
    for (const index of batch.holders) stake += validators[index]?.stake ?? 0n
    if (stake < quorum || used(batch.hex) || !batchFitsTime(batch.header.expiresMs, blockTimeMs)) continue
    const author = toHex(batch.header.author)
    const queue = queues.get(author)
    if (queue === undefined) queues.set(author, [batch])
    else queue.push(batch)
  }

  const budget = payloadBudget(parameters)
  const chosen: BatchDigest[] = []
  for (let round = 0; queues.size > 0 && chosen.length < payloadItemsMax; round++) {
    for (const [author, queue] of queues) {
      const batch = queue[round]
      if (batch === undefined || !spendBudget(budget, batch.header)) queues.delete(author)
      else if (chosen.length < payloadItemsMax) chosen.push(batch.digest)
    }
  }
  return chosen
}
