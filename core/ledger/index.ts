export { LedgerFault } from './assertion.ts'
export type {
  BlockItem,
  BlockResult,
  ExecutedReceipt,
  OrderedTransaction,
  PlainTransaction,
  SkippedTransaction,
  SkipReason,
  StoredNested,
  StoredRecord,
  TransfersReceipt,
} from './block-result.ts'
export type { BlockNote } from './block-scope.ts'
export type { CallEnd } from './contracts/contract-call.ts'
export { type ContractRunner, type RunnableContract, runnableKept } from './contracts/runner.ts'
export { availableOf } from './floors.ts'
export { GenesisError } from './genesis-state.ts'
export { Ledger, type LedgerStart, type NumberedBooking, type StoredState, type ViewEnd } from './ledger.ts'
export type { UsedReference } from './state/commit.ts'
export type { ProvenKey } from './state/prove.ts'
export { undoBlocksMax } from './state/undo.ts'
export { type OpenedReceipt, openTransfers } from './transfers/open-transfers.ts'
