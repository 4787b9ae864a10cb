import { equalBytes } from '../codec/index.ts'
import type { ExecutedRoots, Header } from '../protocol/index.ts'
import type { Engine } from './engine.ts'
import { exceedsThird, reachedByQuorum } from './stake.ts'
import { nullifyStake } from './tally.ts'

/**
 * Whether the view's timers run (spec/consensus.md §4): something to order, a notarized tip that is not final, a final root that no final
 * header carries; or others have begun: a proposal of this view, or nullify votes that an honest validator is among.
 */
export function hasWork(engine: Engine): boolean {
  const { state } = engine
  const begun = state.views.get(state.view)
  if (begun !== undefined) {
    if (begun.candidates.length > 0) return true
    if (begun.votes.nullify.size > 0 && exceedsThird(engine.stake, nullifyStake(engine, begun))) return true
  }
  if (hasUnfinalTip(engine)) return true
  const executed = executedFor(engine, state.final.header)
  return executed !== undefined && (state.appWork || carriesRoots(engine, state.final.header, executed))
}

export function hasUnfinalTip(engine: Engine): boolean {
  const { state } = engine
  for (const { view, notarization } of state.views.values()) {
    if (notarization === undefined || view <= state.signingFloor) continue
    if (!equalBytes(notarization.certificate.proposal.blockHash, state.final.hash)) return true
  }
  return false
}

/**
 * What a child of this parent may name as executed: the highest height that validators with a quorum of stake reported and that
 * this node has executed and knows final. `undefined` if that is below the parent's, or more than K below the child.
 */
export function executedFor(engine: Engine, parent: Header): ExecutedRoots | undefined {
  const { state, stake, config } = engine
  const reported = state.reportedExecuted.slice()
  if (config.self !== undefined) reported[config.self] = state.executedHeight
  const height = Math.min(reachedByQuorum(stake, reported), state.executedHeight, state.final.header.height)
  if (height < parent.executed.height || parent.height + 1 - height > config.parameters.executionLagMax)
    return undefined
  return state.roots.get(height)
}

/** Whether a child of this parent would be the first to carry the root of the last state-changing block. */
export function carriesRoots(engine: Engine, parent: Header, executed: ExecutedRoots): boolean {
  const { lastStateHeight } = engine.state
  return lastStateHeight > parent.executed.height && executed.height >= lastStateHeight
}
