/** Codes with which the kit itself refuses a call, with what happened and what to do. A contract adds its own. */
export const contractKitProblems = {
  NOT_AUTHORIZED: [
    'Who was to call is not among the callers.',
    'Let that account, member or contract authorize the call.',
  ],
  FUNDS_MISSING: [
    'Money was to be taken from an account that is not among the funds of the call.',
    'Let that account authorize the call and list what may be taken: `--fund`.',
  ],
  VALUE_INVALID: [
    'A row, output or event is not of its schema; the message names the field.',
    'Correct the contract, or the schema.',
  ],
  KEY_INVALID: ['A key has a part that is missing or of another type.', 'Give every field of the key.'],
  CURSOR_INVALID: ['A cursor is no text.', 'Give the cursor of the page before, or none.'],
  ACTION_UNKNOWN: ['The contract has no such action or view.', 'Look at its manifest.'],
} as const satisfies Record<string, readonly [summary: string, action: string]>

export type ContractKitCode = keyof typeof contractKitProblems

/** Ends a call: nothing of it remains, and its caller learns code and message. Thrown by `refuse`. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The ledger, or a contract that was called, refused one question; nothing of that question was done. May be caught. */
export class LedgerError extends Refusal {
  override readonly name = 'LedgerError'
}

/**
 * Ends the call: nothing of it remains.
 * @param code - Stable, for programs: capital letters, digits and underscores, at most 64.
 * @param message - For people; 512 characters of it reach them.
 */
export function refuse(code: string, message: string): never {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(code)) throw new TypeError(`"${code}" is no code: use a form such as DEAL_CLOSED`)
  throw new Refusal(code, message)
}

/** The kit's own refusals, with a code of the table above. */
export function refuseByKit(code: ContractKitCode, message: string): never {
  throw new Refusal(code, message)
}
