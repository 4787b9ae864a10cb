/** The links of a proof that can fail: what does not follow, and what to do. */
export const proofProblems = {
  PROOF_OF_OTHER_LEDGER: [
    'The document belongs to another ledger than the genesis.',
    'Check which genesis file was given.',
  ],
  PROOF_EPOCH: [
    'The chain of validator sets from the genesis to the certificate is broken.',
    'Get the document again, from another node.',
  ],
  PROOF_HEADER: [
    'A header is not the one that its certificate or the history names.',
    'The document was changed, or is forged: get it again, from another node.',
  ],
  PROOF_CERTIFICATE: [
    'A signature of the certificate is wrong, or the signers hold too little stake.',
    'The document was changed, or is forged: get it again, from another node.',
  ],
  PROOF_HISTORY: [
    "The block's record does not stand in the certified history.",
    'The document was changed, or is forged: get it again, from another node.',
  ],
  PROOF_RECEIPT: ['The receipt is not among those of its block.', 'The document was changed, or is forged.'],
  PROOF_ITEM: ['The result of an action is not that of the receipt.', 'The document was changed, or is forged.'],
  PROOF_ENTRY: ['An entry of an account is not that of the receipt.', 'The document was changed, or is forged.'],
  PROOF_EVENT: ['An event is not one of the receipt.', 'The document was changed, or is forged.'],
  PROOF_COMPONENT: ['An action shown is not part of the transaction.', 'The document was changed, or is forged.'],
  PROOF_DISCLOSURE: [
    'A field shown is not what the payment committed to.',
    'The document was changed, or who disclosed it made it up.',
  ],
  PROOF_STATE: [
    'A record, or its absence, does not follow from the certified state.',
    'The document was changed, or is forged: get it again, from another node.',
  ],
} as const satisfies Record<string, readonly [summary: string, action: string]>

/** The link of a proof that does not hold. */
export type ProofErrorCode = keyof typeof proofProblems

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
