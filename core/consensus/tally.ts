import { type Engine, halt, keyOf, leaderOf, viewState } from './engine.ts'
import type { Peer } from './input.ts'
import { noticeContradictions } from './misbehaviour.ts'
import { forgottenView, type HashKey, type StoredVote, type ViewState } from './state.ts'
import { subjectOfVote, verifyVote } from './verify.ts'
import { epochOfVote, type SignedVote, type Vote, viewOfVote } from './votes.ts'

/** Where a vote came from: a connection, a certificate that was verified, or this node itself. */
export type VoteSource = Peer | 'certificate' | 'self'

/** One vote of a signer per view and kind, and one that conflicts with it. */
const slotsMax = 2

/**
 * Stores a vote and counts it. Votes are verified lazily, at the quorum; at once are verified a relayed vote (whoever sent it is not its
 * signer), and the leader's notarize, which is its proposal, and nullify.
 */
export function addVote(engine: Engine, signed: SignedVote, source: VoteSource): void {
  const { state, config } = engine
  const { signer, vote } = signed
  const view = viewOfVote(vote)
  if (epochOfVote(vote) !== config.epoch || signer >= config.validators.length || view === 0) return
  if (view > state.view + config.parameters.futureViewsMax && source !== 'certificate') return
  const target = view > state.final.view ? viewState(engine, view) : state.frozen.get(view)
  if (target === undefined) return

  const subject = subjectOfVote(vote)
  const table = target.votes[vote.kind]
  const slots = table.get(signer) ?? []
  const known = slots.find((slot) => slot.subject === subject)
  if (known !== undefined) {
    if (source === 'certificate' && !known.verified) Object.assign(known, { signed, verified: true })
    return
  }
  if (slots.length >= slotsMax) return

  const authenticated = typeof source === 'object' && source.validator === signer
  const trusted = source === 'certificate' || source === 'self'
  const ofLeader = signer === leaderOf(engine, view) && vote.kind !== 'finalize'
  const verified = trusted || ((!authenticated || ofLeader) && verifyVote(engine, signed))
  if (!verified && (!authenticated || ofLeader)) {
    if (typeof source === 'object') disconnect(engine, source, 'a vote with a wrong signature')
    return
  }
  if (signer === config.self && source !== 'self') {
    noticeForeignSignature(engine, target, signed, subject, verified || verifyVote(engine, signed))
    return
  }
  const stored: StoredVote = { signed, subject, verified }
  slots.push(stored)
  table.set(signer, slots)
  if (authenticated || verified) state.lastSeen[signer] = Math.max(state.lastSeen[signer]!, state.view)
  engine.out.changed = true
  noticeContradictions(engine, target, stored)
  if (verified && vote.kind === 'notarize' && ofLeader) addCandidate(engine, target, vote)
  if (target.view > state.final.view) engine.out.counted.push({ view, kind: vote.kind, subject })
}

export function disconnect(engine: Engine, peer: Peer, reason: string): void {
  engine.out.effects.push({ kind: 'disconnect', peer: peer.id, reason })
}

/** The leader's notarize vote is the proposal, however it got here. */
function addCandidate(engine: Engine, view: ViewState, vote: Exclude<Vote, { kind: 'nullify' }>): void {
  const { proposal } = vote
  const subject = subjectOfVote(vote)
  if (view.view <= engine.state.final.view || view.candidates.some((candidate) => candidate.subject === subject)) return
  view.candidates.push({ proposal, subject, block: keyOf(proposal.blockHash), dead: false })
  if (view.candidates.length > 1) {
    const detail = `validator ${leaderOf(engine, view.view)} proposed twice in view ${view.view}`
    engine.out.effects.push({ kind: 'alarm', code: 'CONSENSUS_LEADER_EQUIVOCATED', detail })
  }
}

/** A valid signature of the own key that the journal lacks: the key was copied, or an old backup is running. */
function noticeForeignSignature(
  engine: Engine,
  view: ViewState,
  signed: SignedVote,
  subject: HashKey,
  verified: boolean,
): void {
  const { state } = engine
  if (!verified || view.view <= forgottenView(state) || view.view <= state.refusedView) return
  const isOwn = view.own.some(({ vote }) => vote.kind === signed.vote.kind && subjectOfVote(vote) === subject)
  if (isOwn) return
  const detail = `a ${signed.vote.kind} vote of this key in view ${view.view} is not in this node's journal`
  const record = { kind: 'retired', reason: 'key-used-elsewhere', detail } as const
  state.stops.push(record)
  engine.out.journal.push(record)
  halt(engine, { code: 'CONSENSUS_KEY_USED_ELSEWHERE', detail, certificates: [] })
}

/** A vote with a wrong signature came over its signer's own connection: the signer is faulty, though it can't be proven. */
export function dropVote(engine: Engine, view: ViewState, kind: Vote['kind'], slot: StoredVote): void {
  const { signer } = slot.signed
  const rest = (view.votes[kind].get(signer) ?? []).filter((other) => other !== slot)
  if (rest.length === 0) view.votes[kind].delete(signer)
  else view.votes[kind].set(signer, rest)
  for (const peer of engine.state.peers.values()) {
    if (peer.validator === signer) disconnect(engine, peer, 'a vote with a wrong signature')
  }
}

/** The stake that has nullified a view, verified or not. */
export function nullifyStake(engine: Engine, view: ViewState): bigint {
  let sum = 0n
  for (const signer of view.votes.nullify.keys()) sum += engine.stake.stakes[signer]!
  return sum
}
