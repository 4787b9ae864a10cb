import { equalBytes } from '../codec/index.ts'
import { type Certificate, type QuorumSignatures, signersOf } from '../protocol/index.ts'
import { type Engine, subjectOf, viewOfCertificate } from './engine.ts'
import { stakeOf } from './stake.ts'
import type { HashKey, ViewState } from './state.ts'
import { messageOfVote, type SignedVote, type Vote } from './votes.ts'

export const voteKindOf = { notarization: 'notarize', nullification: 'nullify', finalization: 'finalize' } as const
export const certificateKindOf = {
  notarize: 'notarization',
  nullify: 'nullification',
  finalize: 'finalization',
} as const

export function verifyVote(engine: Engine, { signer, vote }: SignedVote): boolean {
  const { config } = engine
  const key = config.validators[signer]!.consensusKey
  return config.verify(vote.signature, messageOfVote(config.ledger, vote), key)
}

export function subjectOfVote(vote: Vote): HashKey {
  return vote.kind === 'nullify' ? '' : subjectOf(vote.proposal)
}

export function subjectOfCertificate(certificate: Certificate): HashKey {
  return certificate.kind === 'nullification' ? '' : subjectOf(certificate.proposal)
}

/** The votes that a certificate consists of, or `undefined` if its bitmap and its list don't fit together. */
export function votesOf(engine: Engine, certificate: Certificate): SignedVote[] | undefined {
  const { quorum } = certificate
  const signers = signersOf(engine.config.validators, quorum.signers)
  if (signers === undefined || signers.length !== quorum.signatures.length) return undefined
  return signers.map((signer, i) => ({ signer, vote: voteFor(certificate, quorum.signatures[i]!) }))
}

function voteFor(certificate: Certificate, signature: Uint8Array): Vote {
  if (certificate.kind === 'nullification') {
    return { kind: 'nullify', epoch: certificate.epoch, view: certificate.view, signature }
  }
  return { kind: voteKindOf[certificate.kind], proposal: certificate.proposal, signature }
}

/** A certificate of votes, whose signers' stake is a quorum. */
export function certificateOf(engine: Engine, votes: readonly SignedVote[]): Certificate {
  const sorted = [...votes].sort((a, b) => a.signer - b.signer)
  const signers = new Uint8Array(Math.ceil(engine.config.validators.length / 8))
  for (const { signer } of sorted) signers[signer >> 3]! |= 1 << (signer & 7)
  const quorum: QuorumSignatures = {
    scheme: 'ed25519-list',
    signers,
    signatures: sorted.map(({ vote }) => vote.signature),
  }
  const { vote } = sorted[0]!
  return vote.kind === 'nullify'
    ? { kind: 'nullification', epoch: vote.epoch, view: vote.view, quorum }
    : { kind: certificateKindOf[vote.kind], proposal: vote.proposal, quorum }
}

/**
 * The votes of a certificate if it is right: every listed signature holds and the signers' stake is a quorum. Signatures
 * that were verified as votes are not verified again.
 */
export function verifiedVotesOf(engine: Engine, certificate: Certificate): SignedVote[] | undefined {
  const votes = votesOf(engine, certificate)
  if (votes === undefined) return undefined
  const { state, stake, config } = engine
  if (
    stakeOf(
      stake,
      votes.map(({ signer }) => signer),
    ) < stake.quorum
  )
    return undefined
  const view = viewOfCertificate(certificate)
  const seen = state.views.get(view) ?? state.frozen.get(view)
  const subject = subjectOfCertificate(certificate)
  const message = votes.length === 0 ? undefined : messageOfVote(config.ledger, votes[0]!.vote)
  for (const { signer, vote } of votes) {
    if (seen !== undefined && isVerified(seen, signer, vote, subject)) continue
    if (!config.verify(vote.signature, message!, config.validators[signer]!.consensusKey)) return undefined
  }
  return votes
}

function isVerified(view: ViewState, signer: number, vote: Vote, subject: HashKey): boolean {
  const slots = view.votes[vote.kind].get(signer) ?? []
  return slots.some(
    (slot) => slot.verified && slot.subject === subject && equalBytes(slot.signed.vote.signature, vote.signature),
  )
}
