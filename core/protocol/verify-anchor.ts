import { equalBytes } from '../codec/index.ts'
import { blockHashOf, type Header } from './block.ts'
import { type FinalityProof, proposalHashOf } from './finality.ts'
import { type Genesis, ledgerOf } from './genesis.ts'
import type { LedgerId } from './ids.ts'
import type { Anchor } from './proof.ts'
import { ProofError } from './proof-error.ts'
import { checkQuorum, type Validator, validatorsRootOf } from './validators.ts'

/** What a verifier trusts: the genesis, or an epoch's set that its own earlier verification led to. */
export interface TrustRoot {
  readonly ledger: LedgerId
  readonly epoch: number
  readonly validators: readonly Validator[]
}

export function trustGenesis(value: Genesis): TrustRoot {
  return { ledger: ledgerOf(value), epoch: 0, validators: value.validators }
}

const quorumReasons = {
  QUORUM_MALFORMED: 'the list of signers does not fit the validator set',
  QUORUM_BAD_SIGNATURE: 'a signature is wrong',
  QUORUM_TOO_LITTLE_STAKE: 'the signers hold less than a quorum of the stake',
} as const

function checkFinality(trust: TrustRoot, header: Header, finality: FinalityProof, where: string): void {
  if (!equalBytes(header.ledger, trust.ledger)) {
    throw new ProofError('PROOF_OF_OTHER_LEDGER', where, 'the header belongs to another ledger')
  }
  if (header.epoch !== trust.epoch || finality.proposal.epoch !== trust.epoch) {
    throw new ProofError('PROOF_EPOCH', where, `the header is of epoch ${header.epoch}, known is ${trust.epoch}`)
  }
  if (!equalBytes(finality.proposal.blockHash, blockHashOf(header))) {
    throw new ProofError('PROOF_HEADER', where, 'the certificate names another header')
  }
  const { epoch, view } = finality.proposal
  const subject = { epoch, view, proposalHash: proposalHashOf(finality.proposal) }
  const problem = checkQuorum(trust.validators, trust.ledger, 'finalize', subject, finality.quorum)
  if (problem !== undefined) throw new ProofError('PROOF_CERTIFICATE', where, quorumReasons[problem])
}

/**
 * Checks the chain from the trusted validators to the anchor's header.
 * @returns the trust in the anchor's own epoch.
 * @throws {ProofError} naming the link that fails.
 */
export function verifyAnchor(trust: TrustRoot, anchor: Anchor): TrustRoot {
  if (!equalBytes(anchor.ledger, trust.ledger)) {
    throw new ProofError('PROOF_OF_OTHER_LEDGER', 'anchor', 'the proof belongs to another ledger than the genesis')
  }
  let current = trust
  for (const [i, { header, finality, next }] of anchor.epochs.entries()) {
    const where = `anchor.epochs[${i}]`
    checkFinality(current, header, finality, where)
    const nextEpoch = header.nextEpoch
    if (nextEpoch === undefined || nextEpoch.epoch !== current.epoch + 1) {
      throw new ProofError('PROOF_EPOCH', where, 'the block is not the boundary of its epoch')
    }
    if (!equalBytes(nextEpoch.validatorsRoot, validatorsRootOf(next))) {
      throw new ProofError('PROOF_EPOCH', where, 'the validators differ from what the boundary block commits to')
    }
    current = { ledger: trust.ledger, epoch: nextEpoch.epoch, validators: next }
  }
  checkFinality(current, anchor.header, anchor.finality, 'anchor.header')
  return current
}
