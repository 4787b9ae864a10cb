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
