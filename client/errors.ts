/** What can go wrong in the client, and what to do about it. Codes never change their meaning. */
export const clientErrors = {
  CLIENT_GENESIS_MALFORMED: ['The genesis file is not in its canonical form.', 'Get the file again from the network.'],
  CLIENT_NODE_ADDRESS_INVALID: [
    'The address of a node is no http(s) URL, or none is given.',
    'Give URLs such as http://127.0.0.1:7100.',
  ],
  CLIENT_KEY_INVALID: ['A key has the wrong form.', 'Give a seed of 32 bytes.'],
  CLIENT_TRANSACTION_INVALID: ['A transaction can not be built from this.', 'Correct the named field.'],
  CLIENT_SIGNER_FAILED: ['A signer gave no valid signature.', 'Check the key, or the device that holds it.'],
  CLIENT_NO_NODE_ANSWERED: [
    'No node gave a usable answer; `attempts` has the reason of each.',
    'Check that a node runs and the addresses are right. A submission is safe to repeat.',
  ],
  CLIENT_NODE_UNREACHABLE: ['The node can not be reached.', 'The next node is asked; check the address.'],
  CLIENT_NODE_TIMEOUT: ['The node did not answer in time.', 'The next node is asked.'],
  CLIENT_ANSWER_TOO_LARGE: ['The answer is larger than its limit.', 'The next node is asked; ask for less at once.'],
  CLIENT_ANSWER_MALFORMED: [
    'The answer does not have the form of the API.',
    'The next node is asked; report this one.',
  ],
  CLIENT_OTHER_LEDGER: ['The node belongs to another ledger.', 'Check the addresses and the genesis file.'],
  CLIENT_REFUSED: ['The node refuses the request; `problem` has its code.', "Do what the problem's action says."],
  CLIENT_VIEW_FAILED: [
    'A view of a contract failed, or refused; `problem.failure` has its code and message.',
    'Do what the message says; ask the author of the contract.',
  ],
  CLIENT_INPUT_INVALID: [
    "The input of a view does not have the form that the contract's manifest says.",
    'Correct the named field.',
  ],
  CLIENT_NOT_FOUND: ['No node knows it.', 'Check the id; a block that has just been made may need a moment.'],
  CLIENT_NOT_PROVEN_YET: ['No certified header covers it yet.', 'Wait for `proven`, and ask again.'],
  CLIENT_PROOF_INVALID: [
    'A proof does not hold; `link` names the part that fails.',
    'Do not rely on the answer. The next node is asked; report this one.',
  ],
  CLIENT_PROOF_OF_OTHER: [
    'The proof holds, but proves something else than was asked.',
    'Do not rely on the answer. The next node is asked; report this one.',
  ],
  CLIENT_PROOF_INCOMPLETE: [
    'The proof holds, but parts that were asked for are not in it.',
    'The next node is asked; report this one.',
  ],
  CLIENT_PROOF_STALE: [
    'The certified header is older than was asked for.',
    'The node may be behind: the next one is asked.',
  ],
  CLIENT_WAIT_TIMEOUT: ['The wait ended before the status was reached.', 'Wait again: the transaction is not lost.'],
  CLIENT_TRANSACTION_EXPIRED: [
    'The validity ended without the transaction, so it did not happen and can not.',
    'Build and sign it again; a reference keeps it from happening twice.',
  ],
  CLIENT_CURSOR_GONE: ['The node no longer has events that old.', 'Read the state, and follow from now.'],
  CLIENT_ABORTED: ['The caller ended it.', 'Nothing.'],
} as const satisfies Record<string, readonly [summary: string, action: string]>

export type ClientErrorCode = keyof typeof clientErrors

/** A problem as the API reports it (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly action: string
  /** What a contract said of why its view failed. */
  readonly failure?: { readonly code: string; readonly message: string }
}

export interface ClientErrorFields {
  readonly detail?: string | undefined
  /** The URL of the node that is meant. */
  readonly node?: string | undefined
  /** The part of a proof that fails, such as `anchor.header`. */
  readonly link?: string | undefined
  /** The code from inside: of the proof, the codec or the API. */
  readonly cause?: unknown
  readonly problem?: Problem | undefined
  /** When the node wants to be asked again. */
  readonly retryAfterMs?: number | undefined
  /** The reason of each node, where all failed. */
  readonly attempts?: readonly ClientError[] | undefined
}

/** Every failure of the client: branch on `code`, show `message` and `action`. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** What to do. */
  readonly action: string
  readonly docs: string
  readonly node: string | undefined
  readonly link: string | undefined
  readonly problem: Problem | undefined
  readonly retryAfterMs: number | undefined
  readonly attempts: readonly ClientError[]
  /** What this message says beyond that of its code. */
  readonly detail: string | undefined

  constructor(code: ClientErrorCode, fields: ClientErrorFields = {}) {
    const [summary, action] = clientErrors[code]
    const detail = fields.detail === undefined ? '' : ` ${fields.detail}`
    super(summary + detail, fields.cause === undefined ? {} : { cause: fields.cause })
    this.code = code
    this.action = action
    this.docs = `docs/client.md#${code.toLowerCase()}`
    this.node = fields.node
    this.link = fields.link
    this.problem = fields.problem
    this.retryAfterMs = fields.retryAfterMs
    this.detail = fields.detail
    this.attempts = fields.attempts ?? []
  }
}
