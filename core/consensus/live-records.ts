import type { Engine } from './engine.ts'
import type { JournalRecord } from './journal.ts'
import { type BlockEntry, forgottenView } from './state.ts'

/**
 * The records that a compacted journal must hold, in an order that replays to the present state: final blocks that the application
 * has not reported durable, the floor, and everything above it. A journal that ends a node for good is kept so.
 */
export function liveRecords(engine: Engine): JournalRecord[] {
  const { state } = engine
  const records: JournalRecord[] = []
  if (state.refusedView > 0) records.push({ kind: 'lost', upToView: state.refusedView })
  records.push({ kind: 'opened', epoch: engine.config.epoch }, ...state.stops)
  const { lostUpTo } = state
  if (lostUpTo !== undefined && forgottenView(state) > state.final.view) records.push(lostUpTo)
  for (const { blocks, finalization, path } of state.unacknowledged) {
    for (const certificate of path) records.push({ kind: 'certificate', certificate })
    for (const block of blocks) records.push({ kind: 'block', block })
    records.push({ kind: 'finalized', finalization, header: blocks.at(-1)!.header })
  }
  const { finalization, header } = state.final
  if (finalization !== undefined) records.push({ kind: 'finalized', finalization, header })
  const blocks = [...state.blocks.values()].filter((entry: BlockEntry) => entry.journaled)
  for (const { block } of blocks) records.push({ kind: 'block', block })
  for (const view of [...state.views.values()].sort((a, b) => a.view - b.view)) {
    for (const held of [view.notarization, view.nullification, view.finalization]) {
      if (held !== undefined) records.push({ kind: 'certificate', certificate: held.certificate })
    }
    for (const vote of view.own) records.push({ kind: 'vote', vote })
  }
  for (const evidence of state.evidence.values()) records.push({ kind: 'evidence', evidence })
  return records
}
