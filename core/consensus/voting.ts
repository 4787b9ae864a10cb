import { equalBytes } from '../codec/index.ts'
import { type Proposal, proposalHashOf } from '../protocol/index.ts'
import { journalBlock, pathTo } from './blocks.ts'
import { type Engine, viewState } from './engine.ts'
import { checkHeader, type Validity } from './header-rules.ts'
import { justificationHashOf } from './justification.ts'
import { maySign, signVote } from './signer.ts'
import type { BlockEntry, Candidate } from './state.ts'
import { reasonToNullify } from './views.ts'

/** Rule 3: notarizes in every view above the floor that it entered, once, also after leaving or nullifying it. */
export function notarize(engine: Engine): void {
  const { state } = engine
  for (const view of state.views.values()) {
    if (view.candidates.length === 0 || view.view > state.view || view.notarized !== undefined) continue
    if (view.view <= state.signingFloor) continue
    for (const candidate of view.candidates) {
      if (candidate.dead) continue
      const answer = judge(engine, candidate)
      if (answer === 'invalid') {
        candidate.dead = true
        engine.out.changed = true
      }
      if (answer !== 'valid' || !maySign(engine, view.view)) continue
      const block = state.blocks.get(candidate.block)
      if (block !== undefined) journalBlock(engine, block)
      const signed = signVote(engine, { kind: 'notarize', proposal: candidate.proposal })
      if (signed !== undefined) engine.out.broadcastVotes.push(signed)
      break
    }
  }
}

/** Rule 5: finalizes what it notarized and saw notarized, in any view above the floor that it has not nullified. */
export function finalize(engine: Engine): void {
  for (const view of engine.state.views.values()) {
    const { notarization } = view
    if (notarization === undefined || view.finalized !== undefined) continue
    if (view.notarized !== notarization.subject) continue
    const signed = signVote(engine, { kind: 'finalize', proposal: notarization.certificate.proposal })
    if (signed !== undefined) engine.out.broadcastVotes.push(signed)
  }
}

/** Rule 4: nullifies the current view only, if it has not finalized in it. */
export function nullify(engine: Engine): void {
  const { state } = engine
  const current = viewState(engine, state.view)
  if (current.nullified || current.finalized !== undefined || !maySign(engine, state.view)) return
  const reason = reasonToNullify(engine)
  if (reason === undefined) return
  const signed = signVote(engine, { kind: 'nullify', view: state.view })
  if (signed === undefined) return
  if (reason === 'timeout') state.timedOut = true
  engine.out.broadcastVotes.push(signed)
}

/** Whether a Proposal may be voted for; asks the shell to check its block on the way. */
function judge(engine: Engine, candidate: Candidate): Validity {
  const { proposal } = candidate
  const justified = checkJustification(engine, proposal)
  if (justified !== 'valid') return justified
  const path = pathTo(engine, candidate.block)
  if (path.kind === 'abandoned') return 'invalid'
  if (path.kind === 'missing') return 'not yet'
  const isRepeat = equalBytes(proposal.blockHash, proposal.parentHash)
  const entry = path.blocks.at(-1)
  if (entry === undefined) return isRepeat ? 'valid' : 'invalid'
  if (!isRepeat) {
    if (!equalBytes(entry.block.header.parent, proposal.parentHash)) return 'invalid'
    const ancestors = path.blocks.slice(0, -1)
    const parent = ancestors.at(-1)?.block.header ?? engine.state.final.header
    const form = checkHeader(engine, entry, parent, ancestors)
    if (form !== 'valid') return form
  }
  return askShell(engine, entry, path.blocks.slice(0, -1), isRepeat)
}

/** A repeat is never called invalid: whatever is wrong with the block, q notarized it, and the timers decide. */
function askShell(engine: Engine, entry: BlockEntry, ancestors: readonly BlockEntry[], isRepeat: boolean): Validity {
  if (entry.verdict === 'valid') return 'valid'
  if (entry.verdict === 'invalid') return isRepeat ? 'not yet' : 'invalid'
  if (entry.verdict === 'unasked') {
    entry.verdict = 'asked'
    const { block, hash } = entry
    engine.out.effects.push({ kind: 'check', block, hash, ancestors: ancestors.map((ancestor) => ancestor.block) })
  }
  return 'not yet'
}

/** A certificate of the parent's Proposal and a nullification of every view between; *not yet* while some are missing. */
export function checkJustification(engine: Engine, proposal: Proposal): Validity {
  const { view, parentView, parentHash } = proposal
  if (parentView >= view) return 'invalid'
  const parent = certifiedAt(engine, parentView)
  if (parent === 'below the floor') return 'invalid'
  for (let skipped = parentView + 1; skipped < view; skipped++) {
    if (engine.state.views.get(skipped)?.nullification === undefined) return 'not yet'
  }
  if (parent === undefined) return 'not yet'
  if (!equalBytes(parent.block, parentHash)) return 'invalid'
  return equalBytes(proposal.justificationHash, justificationHashOf(parent.proposal, parentView, view))
    ? 'valid'
    : 'invalid'
}

/** The block that is notarized or final in a view, and the hash of its Proposal. */
export function certifiedAt(
  engine: Engine,
  view: number,
): { block: Uint8Array; proposal: Uint8Array } | 'below the floor' | undefined {
  const { final, views } = engine.state
  if (view < final.view) return 'below the floor'
  if (view === final.view) {
    return {
      block: final.hash,
      proposal: final.finalization === undefined ? final.hash : proposalHashOf(final.finalization.proposal),
    }
  }
  const at = views.get(view)
  const certified = at?.finalization ?? at?.notarization
  if (certified === undefined) return undefined
  const { proposal } = certified.certificate
  return { block: proposal.blockHash, proposal: proposalHashOf(proposal) }
}
