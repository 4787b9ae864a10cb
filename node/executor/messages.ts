import type { ContractMachine } from './contract-machine.ts'
import type { ExecutionReport, ExecutorPlace, FinalBlock } from './executor.ts'
import type { QueryName } from './queries.ts'

export interface ExecutorSetup extends ExecutorPlace {
  readonly genesisText: string
}

/** The first message of all. */
export interface MachineMessage {
  readonly kind: 'machine'
  readonly machine: ContractMachine
}

export type ExecutorRequest =
  | { readonly id: number; readonly kind: 'execute'; readonly final: FinalBlock }
  | { readonly id: number; readonly kind: 'query'; readonly name: QueryName; readonly args: readonly unknown[] }
  | { readonly id: number; readonly kind: 'close' }

export type ExecutorReply =
  | { readonly kind: 'opened'; readonly height: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly id: number; readonly kind: 'executed'; readonly report: ExecutionReport }
  | { readonly id: number; readonly kind: 'answer'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'closed' }
  | { readonly id: number; readonly kind: 'error'; readonly message: string }
