import { equalBytes, fromHex } from '../codec/index.ts'
import { type Certificate, voteMessage } from '../protocol/index.ts'
import type { ConsensusConfig } from './config.ts'
import { alarm, type Engine, halt } from './engine.ts'
import type { Evidence, EvidenceVote } from './evidence.ts'
import type { Certified, StoredVote, ViewState } from './state.ts'
import { verifyVote } from './verify.ts'
import type { Vote } from './votes.ts'

/** Evidence that is kept per signer: one piece is enough to slash, so more only show how long it went on. */
export const evidencePerSignerMax = 64

/**
 * The four pairs of one signer in one view (spec/consensus.md §10): notarize twice or finalize twice for different hashes, nullify and
 * finalize, notarize h′ and finalize h. A nullify beside a notarize is legal.
 */
export function contradicts(a: Vote['kind'], aSubject: string, b: Vote['kind'], bSubject: string): boolean {
  if (a === 'nullify' || b === 'nullify') return a === 'finalize' || b === 'finalize'
  return aSubject !== bSubject
}

/** Compares a stored vote with the signer's others in the view and keeps the first pair that proves misbehaviour. */
export function noticeContradictions(engine: Engine, view: ViewState, stored: StoredVote): void {
  const { signer } = stored.signed
  for (const kind of ['notarize', 'nullify', 'finalize'] as const) {
    for (const other of view.votes[kind].get(signer) ?? []) {
      if (other === stored) continue
      if (!contradicts(stored.signed.vote.kind, stored.subject, kind, other.subject)) continue
      if (isVerified(engine, stored) && isVerified(engine, other)) keepEvidence(engine, view.view, stored, other)
    }
  }
}

function isVerified(engine: Engine, stored: StoredVote): boolean {
  stored.verified ||= verifyVote(engine, stored.signed)
  return stored.verified
}

function keepEvidence(engine: Engine, view: number, a: StoredVote, b: StoredVote): void {
  const { signer } = a.signed
  const { evidence } = engine.state
  const name = `${signer}/${view}`
  if (evidence.has(name)) return
  let count = 0
  for (const kept of evidence.values()) if (kept.signer === signer) count++
  if (count >= evidencePerSignerMax) return
  const found: Evidence = {
    epoch: engine.config.epoch,
    view,
    signer,
    first: evidenceVote(a),
    second: evidenceVote(b),
  }
  evidence.set(name, found)
  engine.out.journal.push({ kind: 'evidence', evidence: found })
  engine.out.effects.push({ kind: 'evidence', evidence: found })
  alarm(engine, 'CONSENSUS_EVIDENCE_FOUND', `validator ${signer} contradicts itself in view ${view}`)
}

function evidenceVote({ signed, subject }: StoredVote): EvidenceVote {
  const { kind, signature } = signed.vote
  return { kind, proposalHash: kind === 'nullify' ? undefined : fromHex(subject), signature }
}

/** Whether evidence proves what it says: two valid signatures of the signer over votes that contradict each other. */
export function isProven(config: ConsensusConfig, evidence: Evidence): boolean {
  const validator = config.validators[evidence.signer]
  if (validator === undefined || evidence.epoch !== config.epoch) return false
  const { first, second } = evidence
  for (const vote of [first, second]) {
    if ((vote.kind === 'nullify') !== (vote.proposalHash === undefined)) return false
  }
  const differ = !equalBytes(first.proposalHash ?? new Uint8Array(), second.proposalHash ?? new Uint8Array())
  if (!contradicts(first.kind, '', second.kind, differ ? 'other' : '')) return false
  return [first, second].every((vote) =>
    config.verify(
      vote.signature,
      voteMessage(vote.kind, config.ledger, evidence.epoch, evidence.view, vote.proposalHash),
      validator.consensusKey,
    ),
  )
}

/** The certificate of a view that can't stand beside this one, if any is held. */
export function conflictingCertificate(view: ViewState, certified: Certified): Certificate | undefined {
  const { notarization, nullification, finalization } = view
  if (certified.certificate.kind === 'nullification') return finalization?.certificate
  if (notarization !== undefined && notarization.subject !== certified.subject) return notarization.certificate
  if (finalization !== undefined && finalization.subject !== certified.subject) return finalization.certificate
  return certified.certificate.kind === 'finalization' ? nullification?.certificate : undefined
}

/** Two verified certificates that can't both be: the proof is kept, and nothing is chosen. */
export function haltOnConflict(engine: Engine, first: Certificate, second: Certificate, detail: string): void {
  const record = { kind: 'conflict', first, second } as const
  engine.state.stops.push(record)
  engine.out.journal.push(record)
  engine.out.broadcastCertificates.push(...incriminatingCertificates(engine))
  halt(engine, { code: 'CONSENSUS_CONFLICT', detail, certificates: [first, second] })
}

/** Certificates that a node in conflict shows to others, so that the signers on both sides are found. */
const shownCertificatesMax = 512

/** Everything certified in the newest views, those below the floor among them: what the other side compares with its own. */
export function incriminatingCertificates(engine: Engine): Certificate[] {
  const { views, frozen } = engine.state
  const newestFirst = [...frozen.values(), ...views.values()].sort((a, b) => b.view - a.view)
  return newestFirst
    .flatMap((view) => [view.finalization, view.nullification, view.notarization])
    .flatMap((held) => (held === undefined ? [] : [held.certificate]))
    .slice(0, shownCertificatesMax)
}
