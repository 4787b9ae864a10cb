import type { CallLimits, CallOutcome, Host } from '../../contract-vm/index.ts'
import { warmCodesMax } from '../../protocol/index.ts'

/** A contract's script, ready to be called. */
export interface RunnableContract {
  /** One call at a time. @throws {MachineFault} */
  call(input: string, host: Host, limits: CallLimits): CallOutcome
}

/**
 * What runs scripts: the metered machine (`ContractEngine`), or while an author debugs something that runs the same code unmetered.
 * Equal scripts, inputs and answers must give equal outcomes.
 */
export interface ContractRunner {
  /**
   * Evaluates a script, or finds it evaluated. @param code - Of the script, as text: scripts of one code are equal.
   * @param fresh - Wanted beside another that is in the middle of a call.
   * @throws {MachineFault}
   */
  open(
    code: string,
    script: string,
    limits: CallLimits,
    fresh?: boolean,
  ): { readonly contract: RunnableContract; readonly fuelUsed: bigint } | Exclude<CallOutcome, { kind: 'returned' }>
}

/** How many scripts a runner keeps evaluated, at least: those that it ran last (`warm`). */
export const runnableKept = 2 * warmCodesMax
