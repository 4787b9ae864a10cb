export type {
  BlockResult,
  ExecutedReceipt,
  OrderedTransaction,
  SkippedTransaction,
  SkipReason,
  StateChange,
  StoredNested,
  StoredRecord,
} from './block-result.ts'
export { Ledger, type LedgerStart, type ProvenKey, type StoredState } from './ledger.ts'
