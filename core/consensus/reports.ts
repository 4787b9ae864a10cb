import { broadcast, type Engine } from './engine.ts'
import type { Peer } from './input.ts'
import type { ConsensusMessage } from './messages.ts'

/** Takes the heights of a message's envelope; a validator's own word on its own connection. */
export function noteHeights(engine: Engine, from: Peer, message: ConsensusMessage): void {
  const { state } = engine
  state.peerFinalized.set(from.id, message.finalizedHeight)
  if (from.validator === undefined || from.validator >= state.reportedExecuted.length) return
  if (message.executedHeight > state.reportedExecuted[from.validator]!) {
    state.reportedExecuted[from.validator] = message.executedHeight
    engine.out.changed = true
  }
}

/**
 * Leaders need the executed heights of a quorum. Every message carries them; where none goes out by itself, one of its own does:
 * when execution has caught up with finality, or is half the lag bound behind the last report.
 */
export function reportExecuted(engine: Engine): void {
  const { state, config } = engine
  if (config.self === undefined || state.halted) return
  const since = state.executedHeight - state.announcedExecuted
  if (since <= 0) return
  const caughtUp = state.executedHeight >= state.final.header.height
  if (caughtUp || since * 2 >= config.parameters.executionLagMax) broadcast(engine, { kind: 'status' })
}
