import {
  type Block,
  type BlockHash,
  type Certificate,
  type Header,
  type PayloadItem,
  type Proposal,
  payloadRootOf,
} from '../protocol/index.ts'
import { addBlock, journalBlock, pathTo } from './blocks.ts'
import { broadcast, type Engine, keyOf, leaderOf, viewState } from './engine.ts'
import { checkHeader } from './header-rules.ts'
import { justificationHashOf } from './justification.ts'
import { maySign, signVote } from './signer.ts'
import type { BlockEntry } from './state.ts'
import { certifiedAt } from './voting.ts'
import { carriesRoots, executedFor } from './work.ts'

/** Nullifications that travel with a proposal beside the parent's certificate; older ones were broadcast when they formed. */
const carriedNullificationsMax = 16

interface Parent {
  readonly view: number
  readonly proposal: Uint8Array
  readonly hash: BlockHash
  readonly header: Header
  /** The blocks between the final tip and the parent, included. */
  readonly path: readonly BlockEntry[]
}

/**
 * Rule 2: the leader extends the highest parent that it can justify. A new block if there is something to order or a final root to
 * carry, and execution keeps up; else, after half a Δ, a repeat of a tip that is not final.
 */
export function propose(engine: Engine): void {
  const { state, config } = engine
  if (leaderOf(engine, state.view) !== config.self || !maySign(engine, state.view)) return
  const view = viewState(engine, state.view)
  if (view.notarized !== undefined || view.nullified || state.timers === undefined) return
  const parent = highestParent(engine)
  if (parent === undefined) {
    if (engine.firedMs >= state.timers.proposeMs) giveUp(engine)
    return
  }
  const executed = executedFor(engine, parent.header)
  const due = executed !== undefined && carriesRoots(engine, parent.header, executed)
  if (executed !== undefined && (state.appWork || due)) {
    const { build } = state
    if (build?.view !== state.view || build.parent !== keyOf(parent.hash)) {
      askForPayload(engine, parent, executed)
      return
    }
    if (build.answer === undefined) return
    const payload = build.answer.payload ?? (due ? [] : undefined)
    if (payload !== undefined) {
      proposeNew(engine, parent, executedNow(build.executed, executed), payload, build.answer.timeMs)
      return
    }
  }
  if (parent.path.length > 0 && engine.firedMs >= state.timers.repeatMs)
    proposeBlock(engine, parent, parent.path.at(-1)!, true)
}

/** A leader that can't justify a parent within Δ says so, which sends everybody on. */
function giveUp(engine: Engine): void {
  const signed = signVote(engine, { kind: 'nullify', view: engine.state.view })
  if (signed !== undefined) engine.out.broadcastVotes.push(signed)
}

/** What was named when the payload was asked for may be lower than what is known by now; the higher one is as good. */
function executedNow<T extends { height: number }>(asked: T, now: T): T {
  return now.height > asked.height ? now : asked
}

/** The highest certified block under the current view with a nullification of every view above it, if its path is here. */
function highestParent(engine: Engine): Parent | undefined {
  const { state } = engine
  for (let view = state.view - 1; view >= state.final.view; view--) {
    const certified = certifiedAt(engine, view)
    if (certified === 'below the floor') return undefined
    if (certified !== undefined) return parentAt(engine, view, certified)
    if (state.views.get(view)?.nullification === undefined) return undefined
  }
  return undefined
}

function parentAt(
  engine: Engine,
  view: number,
  certified: { block: Uint8Array; proposal: Uint8Array },
): Parent | undefined {
  const path = pathTo(engine, keyOf(certified.block))
  if (path.kind !== 'complete') return undefined
  const tip = path.blocks.at(-1)
  const { final } = engine.state
  return {
    view,
    proposal: certified.proposal,
    hash: tip?.hash ?? final.hash,
    header: tip?.block.header ?? final.header,
    path: path.blocks,
  }
}

function askForPayload(engine: Engine, parent: Parent, executed: Header['executed']): void {
  const { state, out } = engine
  state.build = { view: state.view, parent: keyOf(parent.hash), executed, answer: undefined }
  const ancestors = parent.path.map((entry) => entry.block)
  const request = { view: state.view, parent: parent.header, parentHash: parent.hash, ancestors, executed }
  out.effects.push({ kind: 'build', request })
}

function proposeNew(
  engine: Engine,
  parent: Parent,
  executed: Header['executed'],
  payload: readonly PayloadItem[],
  timeMs: number,
): void {
  const { config } = engine
  const header: Header = {
    protocolVersion: 1,
    ledger: config.ledger,
    height: parent.header.height + 1,
    parent: parent.hash,
    timeMs: Math.max(timeMs, parent.header.timeMs),
    payloadRoot: payloadRootOf(payload),
    payloadCount: payload.length,
    executed,
    epoch: config.epoch,
    nextEpoch: undefined,
  }
  const block: Block = { header, payload: [...payload] }
  const entry = addBlock(engine, block)
  if (entry.verdict !== 'invalid') entry.verdict = 'valid'
  if (entry.verdict === 'valid' && checkHeader(engine, entry, parent.header, parent.path) === 'valid') {
    proposeBlock(engine, parent, entry, false)
  }
}

/** The leader's signature on its proposal is its notarize vote, so it signs only what it would vote for. */
function proposeBlock(engine: Engine, parent: Parent, entry: BlockEntry, isRepeat: boolean): void {
  const { state, config } = engine
  if (entry.verdict !== 'valid') return
  const proposal: Proposal = {
    epoch: config.epoch,
    view: state.view,
    parentView: parent.view,
    parentHash: parent.hash,
    blockHash: entry.hash,
    justificationHash: justificationHashOf(parent.proposal, parent.view, state.view),
  }
  journalBlock(engine, entry)
  const vote = signVote(engine, { kind: 'notarize', proposal })
  if (vote === undefined) return
  const block = isRepeat ? undefined : entry.block
  broadcast(engine, { kind: 'proposal', vote, block, justification: justificationOf(engine, proposal) })
}

/** The parent's certificate and the newest nullifications since. */
export function justificationOf(engine: Engine, proposal: Proposal): Certificate[] {
  const { state } = engine
  const carried: Certificate[] = []
  const at = state.views.get(proposal.parentView)
  const certified = at?.finalization ?? at?.notarization
  if (certified !== undefined) carried.push(certified.certificate)
  if (proposal.parentView === state.final.view && state.final.finalization !== undefined) {
    carried.push({ ...state.final.finalization, kind: 'finalization' })
  }
  const first = Math.max(proposal.parentView + 1, proposal.view - carriedNullificationsMax)
  for (let view = first; view < proposal.view; view++) {
    const nullification = state.views.get(view)?.nullification
    if (nullification !== undefined) carried.push(nullification.certificate)
  }
  return carried
}
