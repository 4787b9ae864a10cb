import type { Certificate } from '../protocol/index.ts'
import { broadcast, type Engine, keyOf, leaderOf, send } from './engine.ts'
import type { Peer } from './input.ts'
import { certificatesPerMessageMax, type MessageContent } from './messages.ts'
import { justificationOf } from './proposing.ts'
import type { ViewState } from './state.ts'
import { verifyVote } from './verify.ts'
import type { SignedVote } from './votes.ts'
import { hasWork } from './work.ts'

/** What one period sends again beside the newest finalization and the current view, in votes and certificates. */
export const resentItemsMax = 512
/** Idle nodes repeat their newest finalization ever more rarely, at most this many periods apart. */
export const idlePeriodsMax = 64

/**
 * After a period without new finality: the highest finalization and the current view first, then the views from the floor up,
 * where the period before stopped. Own signatures are the journaled bytes, nothing is signed anew.
 */
export function standstill(engine: Engine): void {
  const { state, config } = engine
  if (state.listenUntilMs !== undefined || engine.firedMs < state.standstillAtMs) return
  const pending = hasWork(engine) || state.signingFloor > state.final.view
  state.standstillFactor = pending ? 1 : Math.min(state.standstillFactor * 2, idlePeriodsMax)
  state.standstillAtMs = engine.nowMs + config.parameters.standstillMs * state.standstillFactor
  for (const content of resentFrom(engine, (view) => view.own)) broadcast(engine, content)
}

/**
 * A peer that connects gets the same, with the votes of others too: what it lacks. Its own are among them, so a node that runs
 * on an old backup, or a copy of its key, finds a signature that its journal does not hold.
 */
export function greet(engine: Engine, peer: Peer): void {
  const { state } = engine
  const cursor = state.standstillCursor
  for (const content of resentFrom(engine, (view) => relayableVotes(engine, view, peer.validator))) {
    send(engine, peer.id, content)
  }
  state.standstillCursor = cursor
}

/** Own votes, and those of others that were verified; of `about`, all whose signature holds. */
export function relayableVotes(engine: Engine, view: ViewState, about: number | undefined): SignedVote[] {
  const { config, state } = engine
  const votes = state.listenUntilMs === undefined ? [...view.own] : []
  for (const table of Object.values(view.votes)) {
    for (const [signer, slots] of table) {
      if (signer === config.self) continue
      for (const slot of slots) {
        if (signer === about) slot.verified ||= verifyVote(engine, slot.signed)
        if (slot.verified) votes.push(slot.signed)
      }
    }
  }
  return votes
}

export function certificatesOf(view: ViewState): Certificate[] {
  return [view.finalization, view.notarization, view.nullification].flatMap((held) => (held ? [held.certificate] : []))
}

function resentFrom(engine: Engine, votesOf: (view: ViewState) => SignedVote[]): MessageContent[] {
  const { state } = engine
  const certificates: Certificate[] = []
  const votes: SignedVote[] = []
  const contents: MessageContent[] = []
  const highest = state.views.get(state.signingFloor)?.finalization?.certificate ?? state.final.finalization
  if (highest !== undefined) certificates.push({ ...highest, kind: 'finalization' })
  const current = state.views.get(state.view)
  if (current !== undefined) {
    certificates.push(...certificatesOf(current))
    votes.push(...votesOf(current))
    contents.push(...ownProposal(engine, current))
  }
  const others = [...state.views.values()].filter((view) => view !== current).sort((a, b) => a.view - b.view)
  const start = Math.max(
    others.findIndex((view) => view.view >= state.standstillCursor),
    0,
  )
  for (let i = 0; i < others.length; i++) {
    const view = others[(start + i) % others.length]!
    state.standstillCursor = view.view
    if (certificates.length + votes.length >= resentItemsMax) break
    certificates.push(...certificatesOf(view))
    votes.push(...votesOf(view))
  }
  for (let i = 0; i < certificates.length; i += certificatesPerMessageMax) {
    contents.push({ kind: 'certificates', certificates: certificates.slice(i, i + certificatesPerMessageMax) })
  }
  for (let i = 0; i < votes.length; i += resentItemsMax)
    contents.push({ kind: 'votes', votes: votes.slice(i, i + resentItemsMax) })
  if (contents.length === 0) contents.push({ kind: 'status' })
  return contents
}

/** The own proposal of the current view with its block, byte for byte. */
function ownProposal(engine: Engine, view: ViewState): MessageContent[] {
  if (engine.state.listenUntilMs !== undefined) return []
  const vote = view.own.find((signed) => signed.vote.kind === 'notarize')
  if (vote === undefined || vote.vote.kind !== 'notarize' || leaderOf(engine, view.view) !== engine.config.self)
    return []
  const { proposal } = vote.vote
  const block = engine.state.blocks.get(keyOf(proposal.blockHash))?.block
  return [{ kind: 'proposal', vote, block, justification: justificationOf(engine, proposal) }]
}
