import type { Host } from '../host/ask.ts'
import type { Tables } from '../tables/table.ts'
import type { Events } from './context.ts'
import type { Manifest } from './manifest.ts'

/** A contract, ready to be called. Its type parameters are for those who call it: see `ContractTypes`. */
export interface Contract<T extends Tables, E extends Events, I, O, VI, VO> {
  readonly manifest: Manifest
  /**
   * Answers a question of the ledger (spec/contracts.md §2).
   * @param text - The question, as JSON. @param host - Answers what the contract asks in turn.
   * @returns the answer, as JSON; refusals are answers too.
   * @throws what the contract threw and did not catch, if that is no refusal.
   */
  dispatch(text: string, host: Host): string
  /** Never there: it carries types. */
  readonly types?: { tables: T; events: E; inputs: I; outputs: O; viewInputs: VI; viewOutputs: VO }
}
