import { encode } from '@tallystick/core/codec'
import type { MountainRange } from '@tallystick/core/crypto'
import type { BlockResult, Ledger } from '@tallystick/core/ledger'
import { type ExecutedRoots, historyLeaf, type LedgerId, referenceRecord, results } from '@tallystick/core/protocol'
import type { BlockItems } from './block-items.ts'
import { type Batch, writeIndexHeight } from './index-database.ts'
import type { Store } from './store.ts'
import { bigEndian, blockKey, entryKey, historyNodeKey, receiptKey, recordKey, referenceUseKey } from './store-keys.ts'
import type { BlockFiles } from './transaction-source.ts'

export interface ExecutedBlock extends Pick<BlockItems, 'items' | 'places'> {
  readonly id: LedgerId
  readonly height: number
  readonly timeMs: number
  readonly files: BlockFiles | undefined
  readonly result: BlockResult
}

/** Where the index says that a receipt is: height and index big-endian, then the number of its result. */
export const outcomeBytes = 13

function writeOutcomes(batch: Batch, { height, result: { receipts } }: ExecutedBlock): void {
  const values = new Uint8Array(receipts.length * outcomeBytes)
  const view = new DataView(values.buffer)
  for (const [i, receipt] of receipts.entries()) {
    const { id, result } = receipt.kind === 'whole' ? receipt.receipt : receipt
    const at = i * outcomeBytes
    view.setUint32(at, Math.floor(height / 2 ** 32))
    view.setUint32(at + 4, height % 2 ** 32)
    view.setUint32(at + 8, i)
    values[at + 12] = results[result].number
    batch.put(receiptKey(id), values.subarray(at, at + outcomeBytes))
  }
}

/**
 * Writes an executed block into all parts of the store: the logs now, the index when `written` resolves.
 * @param history - Takes the block's record.
 */
export function writeBlock(
  { results: log, state, index }: Store,
  ledger: Ledger,
  history: MountainRange,
  block: ExecutedBlock,
): { roots: ExecutedRoots; written: Promise<void> } {
  const { id, height, timeMs, result, files, items, places } = block
  const { record, stateRoot, receipts } = result
  const batch = index.batch()
  for (const node of history.append(historyLeaf(record))) batch.put(historyNodeKey(node.level, node.index), node.digest)
  const roots = { height, stateRoot, historyRoot: history.root() }

  const head = { record, roots, timeMs, files: files && { segment: files.segment, parts: [...files.parts] } }
  const at = log.append({ head, receipts, items, places }, ledger, (account, asset, sequence, pointer) =>
    batch.put(entryKey(account, asset, sequence), bigEndian(pointer)),
  )
  // Behind the results, which set the newest entry of each position: it travels in the images.
  state.append({ height, timeMs, stateRoot, historyPeaks: [...history.peaks] }, ledger)

  writeOutcomes(batch, block)
  for (const key of result.created) batch.put(recordKey(key), new Uint8Array(0))
  for (const { member, key, businessDay, record: used } of result.references)
    batch.put(referenceUseKey(member, key, businessDay), encode(referenceRecord, used))
  batch.put(blockKey(height), bigEndian(at))
  writeIndexHeight(batch, id, height)
  return { roots, written: batch.write() }
}
