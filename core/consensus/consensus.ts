import { formCertificates } from './certificates.ts'
import type { ConsensusConfig, Restored } from './config.ts'
import { gatherEvidence } from './conflict.ts'
import type { Turn } from './effect.ts'
import { broadcast, type Engine, keyOf, leaderOf } from './engine.ts'
import { fetchMissing, nextFetchMs } from './fetching.ts'
import { commitFinal } from './finality.ts'
import { handle } from './handling.ts'
import type { Input } from './input.ts'
import type { JournalRecord } from './journal.ts'
import { liveRecords } from './live-records.ts'
import { certificatesPerMessageMax } from './messages.ts'
import { propose } from './proposing.ts'
import { reportExecuted } from './reports.ts'
import { reservedViews, restore } from './restore.ts'
import { leaderSchedule } from './schedule.ts'
import { stakeTable } from './stake.ts'
import { standstill } from './standstill.ts'
import { emptyOutput, initialState } from './state.ts'
import type { ConsensusStatus } from './status.ts'
import { armTimers, enterView } from './views.ts'
import { finalize, notarize, nullify } from './voting.ts'
import { hasWork } from './work.ts'

/** A validator's or an observer's engine: a deterministic machine without clock, randomness or I/O. */
export interface Consensus {
  /** Takes one input and says what to journal and, once that is durable, what to do. */
  step(input: Input): Turn
  /** What a compacted journal has to hold. */
  live(): JournalRecord[]
  status(): ConsensusStatus
}

/**
 * Stake-weighted Simplex within one epoch (spec/consensus.md; Chan and Pass, TCC 2023).
 * @param restored - What the disk holds; the first input is `start`.
 * @throws {Error} if the reservation is of a later epoch.
 */
export function createConsensus(config: ConsensusConfig, restored: Restored): Consensus {
  const stake = stakeTable(config.validators)
  const schedule = leaderSchedule(stake.stakes, config.parameters.schedulePeriodViews, config.boundary.hash)
  const state = initialState(config, keyOf(config.boundary.hash))
  const engine: Engine = { config, stake, schedule, state, out: emptyOutput(), nowMs: 0, firedMs: 0 }
  restore(engine, restored)
  return {
    step: (input) => step(engine, input),
    live: () => liveRecords(engine),
    status: () => statusOf(engine),
  }
}

function step(engine: Engine, input: Input): Turn {
  const { state } = engine
  engine.out = emptyOutput()
  engine.nowMs = Math.max(engine.nowMs, input.nowMs)
  if (state.halted) {
    gatherEvidence(engine, input)
  } else {
    handle(engine, input)
    settle(engine)
    finish(engine)
  }
  const { journal, effects } = engine.out
  return { journal, effects }
}

/** Applies the rules until none fires any more. */
function settle(engine: Engine): void {
  const { state } = engine
  if (state.listenUntilMs !== undefined && engine.firedMs >= state.listenUntilMs) {
    state.listenUntilMs = undefined
    state.standstillAtMs = engine.firedMs
  }
  do {
    engine.out.changed = false
    formCertificates(engine)
    commitFinal(engine)
    if (state.halted) return
    enterView(engine)
    armTimers(engine)
    notarize(engine)
    finalize(engine)
    nullify(engine)
    propose(engine)
  } while (engine.out.changed && !state.halted)
}

function finish(engine: Engine): void {
  const { state, out, config } = engine
  if (!state.halted) {
    reserve(engine)
    standstill(engine)
    fetchMissing(engine)
  }
  for (let i = 0; i < out.broadcastCertificates.length; i += certificatesPerMessageMax) {
    const certificates = out.broadcastCertificates.slice(i, i + certificatesPerMessageMax)
    broadcast(engine, { kind: 'certificates', certificates })
  }
  if (out.broadcastVotes.length > 0) broadcast(engine, { kind: 'votes', votes: out.broadcastVotes })
  if (out.ownVotes.length > 0) out.effects.push({ kind: 'loopback', votes: out.ownVotes })
  if (config.self !== undefined) reportExecuted(engine)
  setWake(engine)
}

/** Raises the reservation in good time: nothing is signed above it. */
function reserve(engine: Engine): void {
  const { state, out, config } = engine
  if (config.self === undefined || state.reservationAsked >= state.view + reservedViews / 2) return
  state.reservationAsked = state.view + reservedViews
  out.effects.push({ kind: 'reserve', view: state.reservationAsked })
}

/** One wake-up for all deadlines, set anew only when it moves. */
function setWake(engine: Engine): void {
  const { state, firedMs } = engine
  const { timers } = state
  const deadlines = state.halted
    ? []
    : [
        timers?.leaderMs,
        timers?.advanceMs,
        timers?.proposeMs,
        timers?.repeatMs,
        state.listenUntilMs,
        engine.config.self === undefined ? undefined : state.standstillAtMs,
        nextFetchMs(engine),
      ]
  let atMs: number | undefined
  for (const deadline of deadlines) {
    if (deadline !== undefined && deadline > firedMs && (atMs === undefined || deadline < atMs)) atMs = deadline
  }
  if (atMs === state.wakeAtMs) return
  state.wakeAtMs = atMs
  engine.out.effects.push({ kind: 'wake', atMs })
}

function statusOf(engine: Engine): ConsensusStatus {
  const { state, config } = engine
  return {
    epoch: config.epoch,
    view: state.view,
    floor: state.final.view,
    finalizedHeight: state.final.header.height,
    executedHeight: state.executedHeight,
    peersFinalizedHeight: Math.max(0, ...state.peerFinalized.values()),
    leader: leaderOf(engine, state.view),
    deltaMs: state.deltaMs,
    working: hasWork(engine),
    listening: state.listenUntilMs !== undefined,
    halted: state.halted,
    viewsTimedOut: state.viewsTimedOut,
    evidenceFound: state.evidence.size,
  }
}
