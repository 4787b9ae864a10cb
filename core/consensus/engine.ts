import { toHex } from '../codec/index.ts'
import { type Certificate, type Proposal, proposalHashOf } from '../protocol/index.ts'
import type { ConsensusConfig } from './config.ts'
import type { AlarmCode, Diagnosis } from './effect.ts'
import type { PeerId } from './input.ts'
import type { MessageContent } from './messages.ts'
import type { StakeTable } from './stake.ts'
import { emptyView, type HashKey, type Output, type State, type ViewState } from './state.ts'

/** What every rule works on: the fixed configuration, the state, and the output of the step in progress. */
export interface Engine {
  readonly config: ConsensusConfig
  readonly stake: StakeTable
  readonly schedule: readonly number[]
  readonly state: State
  out: Output
  nowMs: number
  /** Time of the last timer input: deadlines fire by it alone, so that inputs that waited during a pause come first. */
  firedMs: number
}

export function leaderOf(engine: Engine, view: number): number {
  return engine.schedule[(view - 1) % engine.schedule.length]!
}

export function keyOf(hash: Uint8Array): HashKey {
  return toHex(hash)
}

export function subjectOf(proposal: Proposal): HashKey {
  return toHex(proposalHashOf(proposal))
}

export function viewOfCertificate(certificate: Certificate): number {
  return certificate.kind === 'nullification' ? certificate.view : certificate.proposal.view
}

/** The state of a view above the floor, made on first use. */
export function viewState(engine: Engine, view: number): ViewState {
  const known = engine.state.views.get(view)
  if (known !== undefined) return known
  const made = emptyView(view)
  engine.state.views.set(view, made)
  return made
}

export function send(engine: Engine, to: PeerId, content: MessageContent): void {
  engine.out.effects.push({ kind: 'send', to, message: envelope(engine, content) })
}

export function broadcast(engine: Engine, content: MessageContent): void {
  engine.state.announcedExecuted = engine.state.executedHeight
  engine.out.effects.push({ kind: 'broadcast', message: envelope(engine, content) })
}

function envelope(engine: Engine, content: MessageContent) {
  const { state, config } = engine
  return {
    epoch: config.epoch,
    executedHeight: state.executedHeight,
    finalizedHeight: state.final.header.height,
    content,
  }
}

export function alarm(engine: Engine, code: AlarmCode, detail: string): void {
  engine.out.effects.push({ kind: 'alarm', code, detail })
}

/** Stops the engine for good. Votes of this step that were not yet handed out are withheld. */
export function halt(engine: Engine, diagnosis: Omit<Diagnosis, 'view' | 'height'>): void {
  const { state, out } = engine
  if (state.halted) return
  state.halted = true
  out.ownVotes = []
  out.broadcastVotes = []
  out.effects.push({ kind: 'halt', diagnosis: { ...diagnosis, view: state.view, height: state.final.header.height } })
}
