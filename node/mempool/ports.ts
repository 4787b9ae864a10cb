import type { BatchDigest, LedgerId, Parameters, Validator } from '@tallystick/core/protocol'
import type { CheckedTransactions, VerifierPool } from '../verifier/index.ts'

/** Keeps batches that are not yet in a final block. */
export interface BatchLogPort {
  /** Resolves when the batch is durable. */
  append(digest: BatchDigest, encoded: Uint8Array): Promise<void>
  /** The batches of an earlier run. */
  stored(): Iterable<{ readonly digest: Uint8Array; readonly encoded: Uint8Array }>
  /** They are in a durable final block, or expired. */
  release(digests: readonly BatchDigest[]): void
}

/** Reads batches out of final blocks, for peers that are behind. */
export interface FinalBatchesPort {
  encodedBatches(height: number): Uint8Array[]
}

export interface DataNetworkPort {
  /** Indexes of the validators whose data channel is up. */
  connected(): number[]
  send(validator: number, message: Uint8Array): void
  broadcast(message: Uint8Array): void
  /** Stops and resumes reading a validator's data channel. */
  pause(validator: number): void
  resume(validator: number): void
  disconnect(validator: number, reason: string): void
}

export interface MempoolPorts {
  readonly verifier: VerifierPool
  readonly log: BatchLogPort
  readonly final: FinalBatchesPort
  readonly network: DataNetworkPort
  /** Wall clock, Unix milliseconds. */
  nowMs(): number
  /** These were received in an earlier run and are waited for again. */
  onTakenUp(transactions: CheckedTransactions): void
  /** There is something to order now, or no longer. */
  onWork(): void
  onFailure(error: Error): void
}

export interface MempoolConfig {
  readonly ledger: LedgerId
  readonly parameters: Parameters
  readonly validators: readonly Validator[]
  /** This node's index, `undefined` for an observer: it makes no batches. */
  readonly self: number | undefined
  readonly nodeKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}
