import type { LedgerId, Parameters } from '../../protocol/index.ts'
import type { StateStore } from '../state/state-store.ts'
import type { Programs } from './programs.ts'

/** What contracts see of the block that they are called in. */
export interface ContractBlock {
  readonly state: StateStore
  readonly parameters: Parameters
  readonly ledger: LedgerId
  readonly height: number
  readonly timeMs: number
  readonly programs: Programs
}
