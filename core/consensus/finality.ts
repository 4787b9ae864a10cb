import { equalBytes } from '../codec/index.ts'
import type { Certificate, ExecutedRoots, Finalization } from '../protocol/index.ts'
import { dropBlocksUpTo, journalBlock, pathTo } from './blocks.ts'
import { type Engine, halt, keyOf } from './engine.ts'
import { equalRoots } from './header-rules.ts'
import { haltOnConflict } from './misbehaviour.ts'
import type { BlockEntry, Certified } from './state.ts'

/**
 * Commits the highest finalization whose blocks are all here, with every ancestor that is not final yet, and raises the
 * floor. Blocks and the finalization are in the journal before the commit is handed out.
 */
export function commitFinal(engine: Engine): void {
  const { state } = engine
  if (state.signingFloor <= state.final.view || state.halted || !state.commitDue) return
  state.commitDue = false
  const pending = [...state.views.values()]
    .filter((view) => view.finalization !== undefined && view.view > state.final.view)
    .sort((a, b) => b.view - a.view)
  for (const { finalization } of pending) {
    const { certificate, subject } = finalization!
    const path = pathTo(engine, keyOf(certificate.proposal.blockHash))
    if (path.kind === 'abandoned') {
      const { final } = state
      haltOnConflict(
        engine,
        final.finalization ?? certificate,
        certificate,
        'a finalized block is beside the final chain',
      )
      return
    }
    if (path.kind === 'complete') {
      commit(engine, { certificate, subject }, path.blocks)
      return
    }
  }
}

function commit(
  engine: Engine,
  { certificate, subject }: Certified<'finalization'>,
  path: readonly BlockEntry[],
): void {
  const { state, out } = engine
  const blocks = path.map((entry) => entry.block)
  for (const entry of path) journalBlock(engine, entry)
  const tip = path.at(-1)
  const header = tip?.block.header ?? state.final.header
  for (const { header: final } of blocks) checkCertifiedRoots(engine, final.executed, certificate)
  if (state.halted) return
  const pathCertificates = certificatesUpTo(engine, certificate.proposal.view)
  out.journal.push({ kind: 'finalized', finalization: certificate, header })
  raiseFloor(engine, certificate, subject, tip)
  if (blocks.length > 0) {
    const commit = { blocks, finalization: certificate, path: pathCertificates }
    state.unacknowledged.push(commit)
    out.effects.push({ kind: 'commit', commit })
  }
  state.deltaMs = slower(engine, 100, engine.config.parameters.deltaGrowthPercent)
  state.standstillAtMs = engine.nowMs + engine.config.parameters.standstillMs
  state.standstillFactor = 1
  state.standstillCursor = 0
  out.changed = true
}

/** Δ times a ratio, within its bounds. */
export function slower(engine: Engine, numerator: number, denominator: number): number {
  const { deltaBaseMs, deltaCapMs } = engine.config.parameters
  const scaled = Math.floor((engine.state.deltaMs * numerator) / denominator)
  return Math.min(Math.max(scaled, deltaBaseMs), deltaCapMs)
}

export function certificatesUpTo(engine: Engine, view: number): Certificate[] {
  const held: Certificate[] = []
  for (const state of [...engine.state.views.values()].sort((a, b) => a.view - b.view)) {
    if (state.view > view) break
    for (const certified of [state.notarization, state.nullification]) {
      if (certified !== undefined) held.push(certified.certificate)
    }
  }
  return held
}

/** Makes a finalization the newest one: its view is the floor, and what lies below it may go. */
export function raiseFloor(
  engine: Engine,
  finalization: Finalization,
  subject: string,
  tip: BlockEntry | undefined,
): void {
  const { state, config } = engine
  const { view } = finalization.proposal
  const { final } = state
  if (tip !== undefined) {
    for (let entry: BlockEntry | undefined = tip; entry !== undefined; entry = state.blocks.get(entry.parent)) {
      const { header } = entry.block
      if (header.payloadCount > 0) state.lastStateHeight = Math.max(state.lastStateHeight, header.height)
    }
    final.header = tip.block.header
    final.hash = tip.hash
    final.key = tip.key
    dropBlocksUpTo(engine, final.header.height)
  }
  state.commitDue = true
  final.view = view
  final.subject = subject
  final.finalization = finalization
  state.signingFloor = Math.max(state.signingFloor, view)
  for (const [number, below] of state.views) {
    if (number > view) continue
    state.views.delete(number)
    below.candidates = []
    state.frozen.set(number, below)
  }
  for (const number of state.frozen.keys()) {
    if (number <= view - config.parameters.futureViewsMax) state.frozen.delete(number)
  }
  for (const height of state.roots.keys()) if (height < final.header.executed.height) state.roots.delete(height)
}

/** What a final header certifies has to equal what this node computed, now or once it has executed the height. */
export function checkCertifiedRoots(engine: Engine, certified: ExecutedRoots, finalization: Finalization): void {
  const { state } = engine
  if (certified.height > state.executedHeight) {
    state.awaitedRoots.set(certified.height, certified)
    return
  }
  const own = state.roots.get(certified.height)
  if (own !== undefined && !equalRoots(own, certified)) haltOnRoots(engine, certified, own, finalization)
}

/** Takes the roots of a height that this node has executed. */
export function addExecuted(engine: Engine, roots: ExecutedRoots): void {
  const { state } = engine
  if (roots.height < state.executedHeight) return
  state.executedHeight = roots.height
  state.roots.set(roots.height, roots)
  // Without a payload too: what falls due is done in whichever block comes.
  const before = state.roots.get(roots.height - 1)
  if (before !== undefined && !equalBytes(before.stateRoot, roots.stateRoot)) {
    state.lastStateHeight = Math.max(state.lastStateHeight, roots.height)
  }
  engine.out.changed = true
  for (const [height, awaited] of state.awaitedRoots) {
    if (height > roots.height) continue
    state.awaitedRoots.delete(height)
    if (height === roots.height && !equalRoots(awaited, roots))
      haltOnRoots(engine, awaited, roots, state.final.finalization)
  }
}

function haltOnRoots(
  engine: Engine,
  certified: ExecutedRoots,
  own: ExecutedRoots,
  finalization: Finalization | undefined,
): void {
  const detail = `a final header names other roots after height ${own.height} than this node computed`
  const certificates = finalization === undefined ? [] : [finalization]
  halt(engine, { code: 'CONSENSUS_ROOT_DIVERGED', detail, certificates, certified, own })
}
