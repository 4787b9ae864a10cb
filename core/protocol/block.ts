import { bytes32, encode, type Infer, list, option, safeU64, struct, u32, variant, version } from '../codec/index.ts'
import { type Hash, listRoot, taggedHash } from '../crypto/index.ts'
import { orderedTransactionLeaf } from './batch.ts'
import { type BlockHash, batchDigest, blockHash, ledgerId } from './ids.ts'
import { payloadItemsMax } from './limits.ts'
import { transaction, transactionIdOf, witnessHashOf } from './transaction.ts'

/** The newest execution that the header certifies: the state after `height`, and every executed block's record. */
export const executedRoots = struct({ height: safeU64, stateRoot: bytes32, historyRoot: bytes32 })
export type ExecutedRoots = Infer<typeof executedRoots>

export const header = struct({
  protocolVersion: version(1),
  ledger: ledgerId,
  height: safeU64,
  parent: blockHash,
  /** Unix milliseconds, not before the parent's. */
  timeMs: safeU64,
  payloadRoot: bytes32,
  payloadCount: u32,
  executed: executedRoots,
  epoch: safeU64,
  /** Only in an epoch's boundary block: the validators of the next epoch. */
  nextEpoch: option(struct({ epoch: safeU64, validatorsRoot: bytes32 })),
})
export type Header = Infer<typeof header>

/** A batch by its digest, or a transaction itself (small blocks). */
export const payloadItem = variant({
  batch: [1, struct({ digest: batchDigest })],
  inline: [2, struct({ transaction })],
})
export type PayloadItem = Infer<typeof payloadItem>

export const block = struct({ header, payload: list(payloadItem, payloadItemsMax) })
export type Block = Infer<typeof block>

export function blockHashOf(value: Header): BlockHash {
  return taggedHash('tallystick/header', encode(header, value)) as BlockHash
}

export function payloadLeaf(item: PayloadItem): Hash {
  if (item.kind === 'batch') return taggedHash('tallystick/payload-batch', item.digest)
  const { body, witness } = item.transaction
  return orderedTransactionLeaf(transactionIdOf(body), witnessHashOf(witness))
}

export function payloadRootOf(payload: readonly PayloadItem[]): Hash {
  return listRoot('payload', payload.map(payloadLeaf))
}

/** One leaf of the history: what is known for ever of an executed block. */
export const historyRecord = struct({ height: safeU64, header: blockHash, receiptsRoot: bytes32, stateRoot: bytes32 })
export type HistoryRecord = Infer<typeof historyRecord>

/** The record of height h is leaf h of the history, so genesis is leaf 0. */
export function historyLeaf(record: HistoryRecord): Hash {
  return taggedHash('tallystick/history', encode(historyRecord, record))
}

export const historyKind = 'history'
