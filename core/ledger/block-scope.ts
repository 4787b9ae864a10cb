import type { LedgerId, Parameters, TransactionId, Validator } from '../protocol/index.ts'
import type { ContractNote } from './contracts/contract-call.ts'
import type { Programs } from './contracts/programs.ts'
import type { Expiries } from './expiries.ts'
import type { QuotaUse } from './quota.ts'
import type { StateStore } from './state/state-store.ts'

/** What is the same for all transactions of a block. */
export interface BlockScope {
  readonly state: StateStore
  readonly expiries: Expiries
  readonly quota: QuotaUse
  readonly parameters: Parameters
  readonly validators: readonly Validator[]
  readonly ledger: LedgerId
  readonly height: number
  readonly timeMs: number
  readonly programs: Programs
  /** For the authors of contracts; no part of the ledger. */
  readonly notes: BlockNote[]
}

export interface BlockNote extends ContractNote {
  readonly transaction: TransactionId
  readonly action: number
}
