export { LedgerFault } from './assertion.ts'
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
export { availableOf } from './floors.ts'
export { GenesisError } from './genesis-state.ts'
export { Ledger, type LedgerStart, type StoredState } from './ledger.ts'
export type { ProvenKey } from './prove.ts'
export { undoBlocksMax } from './undo.ts'
