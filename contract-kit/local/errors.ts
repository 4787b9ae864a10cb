/** Why a local ledger can't do what a test asks. Codes never change their meaning. */
export const localLedgerProblems = {
  LOCAL_SIGNER_UNKNOWN: [
    'Who is to sign is none of the accounts and members of the local ledger.',
    'Give what `ledger.account(name)` or `ledger.member(name)` returned.',
  ],
} as const satisfies Record<string, readonly [summary: string, action: string]>

export type LocalLedgerCode = keyof typeof localLedgerProblems

/** A test asks the local ledger for something that can't be; nothing was done. */
export class LocalLedgerError extends Error {
  override readonly name = 'LocalLedgerError'
  readonly code: LocalLedgerCode

  constructor(code: LocalLedgerCode, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** A call that the ledger did not do; nothing of it remains. */
export class ContractCallError extends Error {
  override readonly name = 'ContractCallError'
  /** The contract's own code where it refused, otherwise the ledger's (docs/errors.md). */
  readonly code: string
  /** What the receipt says. */
  readonly result: string

  /** @param trace - Where in the author's files, one place to a line. */
  constructor(code: string, result: string, message: string, trace: string) {
    super(`${code}: ${message}`)
    this.code = code
    this.result = result
    if (trace !== '') this.stack = `${this.name}: ${this.message}\n${trace}\n    at the call:\n${ownFrames(this.stack)}`
  }
}

function ownFrames(stack: string | undefined): string {
  return (stack ?? '').split('\n').slice(1).join('\n')
}
