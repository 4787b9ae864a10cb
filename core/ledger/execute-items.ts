import { decode } from '../codec/index.ts'
import { transaction } from '../protocol/index.ts'
import { admit } from './admit.ts'
import type {
  BlockItem,
  BlockResult,
  OrderedTransaction,
  PlainTransaction,
  SkippedTransaction,
} from './block-result.ts'
import type { BlockScope } from './block-scope.ts'
import { executeTransaction } from './execute-transaction.ts'
import type { TransferLane } from './transfers/transfer-lane.ts'

type Receipts = BlockResult['receipts'][number][]

/** Transfers that are sealed together, some 400 bytes of memory each: four members' quotas of a block. */
const transfersPerRun = 32_768

/**
 * Executes a block's transactions in their order: runs of plain ones in the fast lane, all others, and what the lane leaves,
 * by the general rules. Whenever one way gives over to the other, everything it wrote stands in the table.
 */
export function executeItems(
  block: BlockScope,
  lane: TransferLane,
  items: readonly BlockItem[],
  receipts: Receipts,
  skipped: SkippedTransaction[],
): void {
  for (let at = 0; at < items.length; ) {
    const run = plainRun(items, at)
    if (run.length === 0) executeGenerally(block, items[at]!, at, receipts, skipped)
    else executeRun(block, lane, run, at, receipts, skipped)
    at += Math.max(run.length, 1)
  }
}

/** The plain transactions from a place on, up to as many as are hashed together; one at least, however long. */
function plainRun(items: readonly BlockItem[], from: number): PlainTransaction[] {
  const run: PlainTransaction[] = []
  let transfers = 0
  for (let at = from; at < items.length; at++) {
    const item = items[at]!
    if (!('plain' in item)) break
    transfers += item.plain.count
    if (run.length > 0 && transfers > transfersPerRun) break
    run.push(item)
  }
  return run
}

function executeRun(
  block: BlockScope,
  lane: TransferLane,
  run: readonly PlainTransaction[],
  from: number,
  receipts: Receipts,
  skipped: SkippedTransaction[],
): void {
  block.state.flush()
  lane.prepare(run)
  let inLane = 0
  const finish = (): void => {
    receipts.push(...lane.finish(block))
    inLane = 0
  }
  for (const [place, item] of run.entries()) {
    if (lane.execute(block, item, place, receipts.length + inLane, from + place)) {
      inLane++
      continue
    }
    finish()
    executeGenerally(block, item, from + place, receipts, skipped)
    block.state.flush()
    lane.forget()
  }
  finish()
}

function executeGenerally(
  block: BlockScope,
  item: BlockItem,
  ordinal: number,
  receipts: Receipts,
  skipped: SkippedTransaction[],
): void {
  const ordered = decoded(item)
  const admission = admit(block, ordered)
  if (typeof admission === 'string') skipped.push({ id: ordered.id, reason: admission })
  else receipts.push(executeTransaction(block, ordered, admission, receipts.length, ordinal))
}

/** A transaction as values, whichever form it came in. */
export function decoded(item: BlockItem): OrderedTransaction {
  if ('transaction' in item) return item
  const { bytes, start, end } = item.plain
  return { id: item.id, transaction: decode(transaction, bytes.subarray(start, end)) }
}
