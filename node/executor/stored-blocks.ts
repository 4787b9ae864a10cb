import { type ResultCode, resultOfNumber, type StoredTransaction, type TransactionId } from '@tallystick/core/protocol'
import type { Executor } from './executor.ts'
import type { ResultsHead } from './results-form.ts'
import type { ResultRow } from './results-log.ts'
import { receiptKey } from './store-keys.ts'
import type { EventFilter, StoredReceipt, TouchedAccounts } from './stored-receipts.ts'

/** An executed block: its history record, the roots after it, and its receipts in order. */
export interface StoredBlock extends Pick<ResultsHead, 'record' | 'roots' | 'timeMs'> {
  readonly receipts: readonly ResultRow[]
}

export function readBlock(executor: Executor, height: number): StoredBlock | undefined {
  const at = executor.resultsAt(height)
  if (at === undefined) return undefined
  const { record, roots, timeMs } = executor.store.results.head(at)
  return { record, roots, timeMs, receipts: executor.store.results.rows(at) }
}

/** Where and how a transaction was executed. */
export interface Outcome {
  readonly height: number
  readonly index: number
  readonly result: ResultCode
}

/** The form is that of `write-block.ts`. What the index has of blocks that are still to be executed again does not count. */
export function readOutcome(executor: Executor, id: TransactionId): Outcome | undefined {
  const value = executor.store.index.getSync(receiptKey(id))
  if (value === undefined) return undefined
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  const height = view.getUint32(0) * 2 ** 32 + view.getUint32(4)
  if (height > executor.height) return undefined
  return { height, index: view.getUint32(8), result: resultOfNumber(value[12]!) }
}

export function readReceipt(executor: Executor, id: TransactionId): StoredReceipt | undefined {
  const outcome = readOutcome(executor, id)
  if (outcome === undefined) return undefined
  return executor.receipts.receipt(executor.resultsAt(outcome.height)!, outcome.index)
}

/** What the block files have of an executed transaction; `undefined` for a derived or unknown one. */
export function readTransaction(executor: Executor, id: TransactionId): StoredTransaction | undefined {
  const outcome = readOutcome(executor, id)
  if (outcome === undefined) return undefined
  return executor.receipts.transaction(executor.resultsAt(outcome.height)!, outcome.index)
}

export interface TouchedAsked {
  readonly fromIndex: number
  readonly limit: number
  readonly events?: EventFilter | undefined
}

/** Receipts of a block from an index on, with the accounts whose positions each touched. */
export function readTouched(
  executor: Executor,
  height: number,
  { fromIndex, limit, events }: TouchedAsked,
): TouchedAccounts[] {
  const at = executor.resultsAt(height)
  if (at === undefined) return []
  const end = Math.min(executor.store.results.head(at).count, fromIndex + limit)
  const touched: TouchedAccounts[] = []
  for (let index = fromIndex; index < end; index++) touched.push(executor.receipts.touched(at, index, events))
  return touched
}
