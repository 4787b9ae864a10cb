// The table of contents of what tests contracts; for Node alone.

export { type Duration, durationMs } from './duration.ts'
export { ContractCallError } from './errors.ts'
export { type CallTerms, LocalContract, type LocalEvent } from './local-contract.ts'
export {
  type AnyContract,
  type DeployOptions,
  LocalLedger,
  type LocalLedgerOptions,
  type RunMode,
} from './local-ledger.ts'
