/** The link of a proof that does not hold. */
export type ProofErrorCode =
  | 'PROOF_OF_OTHER_LEDGER'
  | 'PROOF_EPOCH'
  | 'PROOF_HEADER'
  | 'PROOF_CERTIFICATE'
  | 'PROOF_HISTORY'
  | 'PROOF_RECEIPT'
  | 'PROOF_ITEM'
  | 'PROOF_ENTRY'
  | 'PROOF_COMPONENT'
  | 'PROOF_DISCLOSURE'
  | 'PROOF_STATE'

/** Thrown where a proof fails; `link` is the part of the document that does not follow from the trusted keys. */
export class ProofError extends Error {
  override readonly name = 'ProofError'
  readonly code: ProofErrorCode
  readonly link: string

  constructor(code: ProofErrorCode, link: string, detail: string) {
    super(`${link}: ${detail}`)
    this.code = code
    this.link = link
  }
}
