import { type Engine, leaderOf, viewState } from './engine.ts'
import { slower } from './finality.ts'
import { stakeOf } from './stake.ts'
import { hasWork } from './work.ts'

/** Enters the view above the highest certificate. */
export function enterView(engine: Engine): void {
  const { state } = engine
  let target = state.final.view + 1
  for (const { view, notarization, nullification, finalization } of state.views.values()) {
    if (view >= target && (notarization ?? nullification ?? finalization) !== undefined) target = view + 1
  }
  if (target <= state.view) return
  if (state.timedOut && state.signingFloor < state.view) {
    state.deltaMs = slower(engine, engine.config.parameters.deltaGrowthPercent, 100)
    state.viewsTimedOut++
  }
  state.view = target
  state.enteredMs = engine.nowMs
  state.timers = undefined
  state.timedOut = false
  state.build = undefined
  engine.out.changed = true
}

/** Arms the view's timers while there is work, and takes them back when there is none. While it listens a node can't vote. */
export function armTimers(engine: Engine): void {
  const { state } = engine
  if (state.listenUntilMs !== undefined || !hasWork(engine)) {
    state.timers = undefined
    return
  }
  if (state.timers !== undefined) return
  const { nowMs } = engine
  const { deltaMs } = state
  state.timers = {
    leaderMs: nowMs + 2 * deltaMs,
    advanceMs: nowMs + 3 * deltaMs,
    proposeMs: nowMs + deltaMs,
    repeatMs: nowMs + Math.floor(deltaMs / 2),
  }
  engine.out.changed = true
}

/** Why this node nullifies the current view now, if it does. */
export type NullifyReason = 'timeout' | 'invalid' | 'leader nullified' | 'silent leader'

export function reasonToNullify(engine: Engine): NullifyReason | undefined {
  const { state, firedMs } = engine
  const view = viewState(engine, state.view)
  const leader = leaderOf(engine, state.view)
  if (view.candidates.length > 0 && view.candidates.every((candidate) => candidate.dead)) return 'invalid'
  if ((view.votes.nullify.get(leader) ?? []).some((vote) => vote.verified)) return 'leader nullified'
  const { timers } = state
  if (timers === undefined) return undefined
  if (firedMs >= timers.advanceMs || (firedMs >= timers.leaderMs && view.candidates.length === 0)) return 'timeout'
  if (view.candidates.length === 0 && isSilent(engine, leader)) return 'silent leader'
  return undefined
}

/** No signature of it in the last r views, while validators with a quorum of stake were heard. Local, never a validity rule. */
function isSilent(engine: Engine, leader: number): boolean {
  const { state, config, stake } = engine
  const since = state.view - config.parameters.silentViews
  if (since <= 0 || leader === config.self || state.lastSeen[leader]! >= since) return false
  const heard = state.lastSeen.flatMap((view, index) => (view >= since || index === config.self ? [index] : []))
  return stakeOf(stake, heard) >= stake.quorum
}
