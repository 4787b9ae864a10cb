import { alarm, type Engine, halt } from './engine.ts'
import { checkCertifiedRoots } from './finality.ts'

/** The first turn: commits that a crash kept from the application, evidence, and the time of listening. */
export function startUp(engine: Engine): void {
  const { state, config, out, nowMs } = engine
  if (state.refusedView > 0) out.journal.push({ kind: 'lost', upToView: state.refusedView })
  const stop = state.stops[0]
  if (stop !== undefined) {
    const isRetired = stop.kind === 'retired'
    const code = isRetired ? 'CONSENSUS_KEY_USED_ELSEWHERE' : 'CONSENSUS_CONFLICT'
    const detail = isRetired ? stop.detail : 'the journal holds certificates that contradict each other'
    halt(engine, { code, detail, certificates: stop.kind === 'conflict' ? [stop.first, stop.second] : [] })
    return
  }
  if (state.refusedView > 0) {
    alarm(
      engine,
      'CONSENSUS_JOURNAL_DAMAGED',
      `the journal is damaged: nothing is signed in views up to ${state.refusedView}`,
    )
  }
  if (state.listenUntilMs !== undefined) state.listenUntilMs = nowMs + config.parameters.standstillMs
  state.standstillAtMs = nowMs + config.parameters.standstillMs
  if (state.isFirstStart) out.journal.push({ kind: 'opened', epoch: config.epoch })
  for (const evidence of state.evidence.values()) out.effects.push({ kind: 'evidence', evidence })
  const { finalization, header } = state.final
  if (finalization !== undefined) {
    for (const { blocks } of state.unacknowledged) {
      for (const block of blocks) checkCertifiedRoots(engine, block.header.executed, finalization)
    }
    checkCertifiedRoots(engine, header.executed, finalization)
  }
  if (state.halted) return
  recount(engine)
  for (const commit of state.unacknowledged) out.effects.push({ kind: 'commit', commit })
}

/** Replayed votes, the own ones among them, may complete a certificate that the crash prevented. */
function recount(engine: Engine): void {
  for (const { view, votes } of engine.state.views.values()) {
    for (const kind of ['notarize', 'nullify', 'finalize'] as const) {
      const subjects = new Set([...votes[kind].values()].flatMap((slots) => slots.map((slot) => slot.subject)))
      for (const subject of subjects) engine.out.counted.push({ view, kind, subject })
    }
  }
}
