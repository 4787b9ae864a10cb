import { encode } from '@tallystick/core/codec'
import type { MountainRange } from '@tallystick/core/crypto'
import type { BlockResult, ExecutedReceipt } from '@tallystick/core/ledger'
import { type ExecutedRoots, historyLeaf, type LedgerId, receiptLeaf } from '@tallystick/core/protocol'
import { type Batch, type Database, writeChanges, writeMeta } from './state-database.ts'
import { blockKey, entryKey, historyNodeKey, receiptKey, referenceUseKey } from './store-keys.ts'
import { type StoredEntry, storedBlock, storedEntry, storedReceipt } from './stored-forms.ts'

export interface ExecutedBlock {
  readonly ledger: LedgerId
  readonly height: number
  readonly timeMs: number
  readonly result: Pick<BlockResult, 'receipts' | 'changes' | 'record' | 'stateRoot'>
}

function writeReceipt(batch: Batch, executed: ExecutedReceipt, block: ExecutedBlock): void {
  const { receipt, items, entries, transaction } = executed
  const stored = transaction === undefined ? undefined : ({ kind: 'whole', transaction } as const)
  const value = { receipt, items: [...items], entries: [...entries], transaction: stored }
  batch.put(receiptKey(receipt.id), encode(storedReceipt, value))
  for (const { entry, blind } of entries) {
    const { height, timeMs } = block
    const line: StoredEntry = { entry, blind, transaction: receipt.id, height, index: receipt.position.index, timeMs }
    batch.put(entryKey(entry.account, entry.asset, entry.sequence), encode(storedEntry, line))
  }
}

/** The index from a reference to its uses, over all business days: it follows the nested tries of the state. */
function writeReferenceUses(batch: Batch, changes: BlockResult['changes']): void {
  for (const change of changes) {
    if (change.kind !== 'put-nested' || change.key.kind !== 'references' || change.nested.kind !== 'reference') continue
    batch.put(referenceUseKey(change.nested.member, change.nested.key, change.key.businessDay), change.encoded)
  }
}

/** Puts all of an executed block into one batch: state, receipts, indexes, history and height move together. */
export async function writeBlock(
  database: Database,
  history: MountainRange,
  block: ExecutedBlock,
): Promise<ExecutedRoots> {
  const { result, height, timeMs, ledger } = block
  const batch = database.batch()
  await writeChanges(database, batch, result.changes)
  writeReferenceUses(batch, result.changes)
  for (const executed of result.receipts) writeReceipt(batch, executed, block)
  for (const node of history.append(historyLeaf(result.record)))
    batch.put(historyNodeKey(node.level, node.index), node.digest)
  const roots = { height, stateRoot: result.stateRoot, historyRoot: history.root() }
  const receipts = result.receipts.map(({ receipt }) => ({
    id: receipt.id,
    result: receipt.result,
    leaf: receiptLeaf(receipt),
  }))
  batch.put(blockKey(height), encode(storedBlock, { record: result.record, roots, timeMs, receipts }))
  writeMeta(batch, { version: 1, ledger, height, timeMs, historyPeaks: [...history.peaks] })
  await batch.write()
  return roots
}
