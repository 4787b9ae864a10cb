import type { Certificate } from '../protocol/index.ts'
import { journalBlock } from './blocks.ts'
import { type Engine, keyOf, viewOfCertificate, viewState } from './engine.ts'
import type { Peer } from './input.ts'
import { conflictingCertificate, haltOnConflict } from './misbehaviour.ts'
import type { Certified, HashKey, StoredVote, ViewState } from './state.ts'
import { addVote, disconnect, dropVote } from './tally.ts'
import { certificateKindOf, certificateOf, subjectOfCertificate, verifiedVotesOf, verifyVote } from './verify.ts'
import type { SignedVote, Vote } from './votes.ts'

/**
 * Takes a certificate from a peer. One whose statement is known is ignored, a wrong one costs the connection, a new one is journaled,
 * broadcast once, and its votes are stored as verified.
 * @param relay - `false` for old ones from catch-up, which nobody is waiting for.
 */
export function acceptCertificate(engine: Engine, certificate: Certificate, from: Peer, relay = true): void {
  const { state, config } = engine
  const view = viewOfCertificate(certificate)
  const epoch = certificate.kind === 'nullification' ? certificate.epoch : certificate.proposal.epoch
  if (epoch !== config.epoch || view === 0) return
  const certified: Certified = { certificate, subject: subjectOfCertificate(certificate) }
  const known = view > state.final.view ? state.views.get(view) : state.frozen.get(view)
  if (view <= state.final.view && (known === undefined || conflictingCertificate(known, certified) === undefined))
    return
  if (known?.[certificate.kind]?.subject === certified.subject) return
  const votes = verifiedVotesOf(engine, certificate)
  if (votes === undefined) {
    disconnect(engine, from, `a wrong ${certificate.kind} of view ${view}`)
    return
  }
  const target = known ?? viewState(engine, view)
  if (store(engine, target, certified, relay)) for (const vote of votes) addVote(engine, vote, 'certificate')
}

/** Forms the certificates that the votes counted since the last call make possible. */
export function formCertificates(engine: Engine): void {
  const counted = engine.out.counted
  engine.out.counted = []
  for (const { view, kind, subject } of counted) {
    const target = engine.state.views.get(view)
    if (target !== undefined) formCertificate(engine, target, kind, subject)
  }
}

/** At the quorum: verifies what is not verified yet, drops what is wrong, and writes the certificate if the rest suffices. */
function formCertificate(engine: Engine, view: ViewState, kind: Vote['kind'], subject: HashKey): void {
  if (view[certificateKindOf[kind]] !== undefined) return
  const { stake } = engine
  const table = view.votes[kind]
  let sum = 0n
  const voters: StoredVote[] = []
  for (const slots of table.values()) {
    const slot = slots.find((candidate) => candidate.subject === subject)
    if (slot === undefined) continue
    voters.push(slot)
    sum += stake.stakes[slot.signed.signer]!
  }
  if (sum < stake.quorum) return
  voters.sort((a, b) => Number(b.verified) - Number(a.verified) || a.signed.signer - b.signed.signer)
  const chosen: SignedVote[] = []
  let weight = 0n
  for (const slot of voters) {
    if (weight >= stake.quorum) break
    if (!slot.verified && !verifyVote(engine, slot.signed)) {
      dropVote(engine, view, kind, slot)
      continue
    }
    slot.verified = true
    chosen.push(slot.signed)
    weight += stake.stakes[slot.signed.signer]!
  }
  if (weight >= stake.quorum) acceptFormed(engine, certificateOf(engine, chosen))
}

function acceptFormed(engine: Engine, certificate: Certificate): void {
  const target = viewState(engine, viewOfCertificate(certificate))
  store(engine, target, { certificate, subject: subjectOfCertificate(certificate) }, true)
}

/** @returns Whether it is held now, or stands in conflict with another one and its votes are of interest. */
function store(engine: Engine, view: ViewState, certified: Certified, relay: boolean): boolean {
  const { state, out } = engine
  const { certificate } = certified
  const conflict = conflictingCertificate(view, certified)
  const slot = certificate.kind
  if (view[slot] === undefined) hold(view, certified)
  out.changed = true
  if (state.halted) return true
  if (conflict !== undefined) {
    haltOnConflict(
      engine,
      conflict,
      certificate,
      `a ${conflict.kind} and a ${slot} of view ${view.view} contradict each other`,
    )
    return true
  }
  if (certificate.kind !== 'nullification') {
    const block = state.blocks.get(keyOf(certificate.proposal.blockHash))
    if (block !== undefined) journalBlock(engine, block)
  }
  out.journal.push({ kind: 'certificate', certificate })
  if (relay) out.broadcastCertificates.push(certificate)
  if (certificate.kind === 'finalization') {
    state.signingFloor = Math.max(state.signingFloor, view.view)
    state.commitDue = true
  }
  return true
}

/** Puts a certificate in its place of a view. */
export function hold(view: ViewState, { certificate, subject }: Certified): void {
  if (certificate.kind === 'notarization') view.notarization = { certificate, subject }
  if (certificate.kind === 'nullification') view.nullification = { certificate, subject }
  if (certificate.kind === 'finalization') view.finalization = { certificate, subject }
}
