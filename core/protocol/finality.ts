import {
  bytes,
  bytes32,
  encode,
  enumeration,
  fixedBytes,
  type Infer,
  list,
  safeU64,
  struct,
  variant,
} from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { blockHash, type LedgerId, ledgerId } from './ids.ts'
import { validatorsMax } from './limits.ts'

/** What a leader proposes in a view (spec/consensus.md §1). The leader's signature on it is its notarize vote. */
export const proposal = struct({
  epoch: safeU64,
  view: safeU64,
  parentView: safeU64,
  parentHash: blockHash,
  blockHash,
  /** Root over the certificates that justify the parent; see spec/consensus.md §1. */
  justificationHash: bytes32,
})
export type Proposal = Infer<typeof proposal>

export type VoteKind = 'notarize' | 'nullify' | 'finalize'

const voteSubject = struct({ ledger: ledgerId, epoch: safeU64, view: safeU64 })
const tags: Record<VoteKind, string> = {
  notarize: 'tallystick/vote/notarize',
  nullify: 'tallystick/vote/nullify',
  finalize: 'tallystick/vote/finalize',
}

export function proposalHashOf(value: Proposal): Hash {
  return taggedHash('tallystick/proposal', encode(proposal, value))
}

/** What a validator signs. A nullify vote names a view alone, the others a proposal of it. */
export function voteMessage(kind: VoteKind, ledger: LedgerId, epoch: number, view: number, proposalHash?: Hash): Hash {
  const subject = encode(voteSubject, { ledger, epoch, view })
  return proposalHash === undefined ? taggedHash(tags[kind], subject) : taggedHash(tags[kind], subject, proposalHash)
}

/** Signatures of distinct validators: a bitmap over the epoch's set (bit i of byte i/8 is validator i) and, in its order, theirs. */
export const quorumSignatures = struct({
  scheme: enumeration({ 'ed25519-list': 1 }),
  signers: bytes(validatorsMax / 8),
  signatures: list(fixedBytes(64), validatorsMax),
})
export type QuorumSignatures = Infer<typeof quorumSignatures>

export const certificate = variant({
  notarization: [1, struct({ proposal, quorum: quorumSignatures })],
  nullification: [2, struct({ epoch: safeU64, view: safeU64, quorum: quorumSignatures })],
  finalization: [3, struct({ proposal, quorum: quorumSignatures })],
})
export type Certificate = Infer<typeof certificate>
export type Finalization = Extract<Certificate, { kind: 'finalization' }>

export const finalizationFields = struct({ proposal, quorum: quorumSignatures })

/** What makes a header final, by engine. */
export const finalityProof = variant({ simplex: [1, finalizationFields] })
export type FinalityProof = Infer<typeof finalityProof>
