// The table of contents of what tests contracts; for Node alone.

export { type Duration, durationMs } from './duration.ts'
export { ContractCallError, type LocalLedgerCode, LocalLedgerError } from './errors.ts'
export { type FuzzOptions, type FuzzScene, fuzz } from './fuzz.ts'
export type { Pools } from './fuzz-values.ts'
export { type CallTerms, LocalContract, type LocalEvent } from './local-contract.ts'
export {
  type AnyContract,
  type DeployOptions,
  LocalLedger,
  type LocalLedgerOptions,
  type LocalSigner,
  processProfile,
  type RunMode,
} from './local-ledger.ts'
export { type FileProfile, type LineCost, Profile } from './profile/profile.ts'
export { describeProfile, lcovOf } from './profile/report.ts'
