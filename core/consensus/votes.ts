import { fixedBytes, type Infer, safeU64, struct, u16, variant } from '../codec/index.ts'
import type { Hash } from '../crypto/index.ts'
import { type LedgerId, proposal, proposalHashOf, voteMessage } from '../protocol/index.ts'

const signature = fixedBytes(64)

/**
 * A vote with its signature. Notarize and finalize carry the whole Proposal (120 bytes), so that whoever holds a quorum
 * of them can write the certificate, even if the leader's message never reached it.
 */
export const vote = variant({
  notarize: [1, struct({ proposal, signature })],
  nullify: [2, struct({ epoch: safeU64, view: safeU64, signature })],
  finalize: [3, struct({ proposal, signature })],
})
export type Vote = Infer<typeof vote>

/** A vote and the index of its signer in the epoch's set. */
export const signedVote = struct({ signer: u16, vote })
export type SignedVote = Infer<typeof signedVote>

export function viewOfVote(value: Vote): number {
  return value.kind === 'nullify' ? value.view : value.proposal.view
}

export function epochOfVote(value: Vote): number {
  return value.kind === 'nullify' ? value.epoch : value.proposal.epoch
}

/** The message that a vote's signature is over. */
export function messageOfVote(ledger: LedgerId, value: Vote): Hash {
  if (value.kind === 'nullify') return voteMessage('nullify', ledger, value.epoch, value.view)
  const { proposal: subject } = value
  return voteMessage(value.kind, ledger, subject.epoch, subject.view, proposalHashOf(subject))
}
