import type { Proposal } from '../protocol/index.ts'
import { type Engine, subjectOf, viewState } from './engine.ts'
import { recordOwnVote } from './own-votes.ts'
import { messageOfVote, type SignedVote, type Vote } from './votes.ts'

/** Whether this node may sign anything in a view now: what a vote says is checked on top of it. */
export function maySign(engine: Engine, view: number): boolean {
  const { state, config } = engine
  return (
    config.self !== undefined &&
    !state.halted &&
    state.listenUntilMs === undefined &&
    view > state.signingFloor &&
    view > state.refusedView &&
    view <= state.reservedView
  )
}

export type Ballot =
  | { readonly kind: 'notarize' | 'finalize'; readonly proposal: Proposal }
  | { readonly kind: 'nullify'; readonly view: number }

/**
 * The one place that signs. It refuses every vote that contradicts what this node signed before: a second notarize, a
 * finalize of anything but what it notarized or after a nullify, a nullify after a finalize. The vote is journaled in the same turn and
 * handed out after the sync.
 * @returns The vote, or `undefined` if it is refused.
 */
export function signVote(engine: Engine, ballot: Ballot): SignedVote | undefined {
  const { config, out } = engine
  const view = ballot.kind === 'nullify' ? ballot.view : ballot.proposal.view
  if (config.self === undefined || !maySign(engine, view)) return undefined
  const own = viewState(engine, view)
  const subject = ballot.kind === 'nullify' ? '' : subjectOf(ballot.proposal)
  if (ballot.kind === 'notarize' && own.notarized !== undefined) return undefined
  if (ballot.kind === 'nullify' && (own.nullified || own.finalized !== undefined)) return undefined
  if (ballot.kind === 'finalize' && (own.nullified || own.finalized !== undefined || own.notarized !== subject)) {
    return undefined
  }
  const unsigned = { ...withEpoch(engine, ballot), signature: new Uint8Array(64) } as Vote
  const vote: Vote = { ...unsigned, signature: config.sign(messageOfVote(config.ledger, unsigned)) }
  const signed: SignedVote = { signer: config.self, vote }
  recordOwnVote(own, signed, subject)
  out.journal.push({ kind: 'vote', vote: signed })
  out.ownVotes.push(signed)
  out.changed = true
  return signed
}

function withEpoch(engine: Engine, ballot: Ballot) {
  return ballot.kind === 'nullify' ? { ...ballot, epoch: engine.config.epoch } : ballot
}
