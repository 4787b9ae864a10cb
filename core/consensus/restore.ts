import { blockHashOf } from '../protocol/index.ts'
import { addBlock, dropBlocksUpTo, pathTo } from './blocks.ts'
import { hold } from './certificates.ts'
import type { Restored } from './config.ts'
import { type Engine, keyOf, subjectOf, viewOfCertificate, viewState } from './engine.ts'
import { addExecuted, certificatesUpTo, raiseFloor } from './finality.ts'
import type { JournalRecord } from './journal.ts'
import { recordOwnVote } from './own-votes.ts'
import { emptyOutput, forgottenView } from './state.ts'
import { addVote } from './tally.ts'
import { subjectOfCertificate, subjectOfVote, votesOf } from './verify.ts'
import { enterView } from './views.ts'
import { viewOfVote } from './votes.ts'

/** How far beyond the current view a reservation is raised. */
export const reservedViews = 256

/**
 * Replays a journal. Own votes are in the own tally again and will be sent again byte for byte, no block is built for a view that has a
 * proposal, and nothing is signed in a view that a lost journal may have bound.
 */
export function restore(engine: Engine, restored: Restored): void {
  const { state, config } = engine
  const { reservation, committed } = restored
  if (reservation !== undefined && reservation.epoch > config.epoch) {
    throw new Error(`the reservation is for epoch ${reservation.epoch}, later than ${config.epoch}`)
  }
  const reserved = reservation?.epoch === config.epoch ? reservation.view : 0
  state.reservedView = reserved
  state.reservationAsked = reserved
  const isLost = restored.damaged || (reserved > 0 && restored.records.length === 0)
  state.refusedView = isLost ? reserved : 0

  state.committedHeight = committed.header.height
  if (committed.finalization !== undefined) {
    const hash = blockHashOf(committed.header)
    state.final = {
      header: committed.header,
      hash,
      key: keyOf(hash),
      view: committed.finalization.proposal.view,
      subject: subjectOf(committed.finalization.proposal),
      finalization: committed.finalization,
    }
    state.signingFloor = state.final.view
  }
  state.lastStateHeight = lastStateHeightOf(engine)
  for (const roots of restored.executed) addExecuted(engine, roots)
  for (const record of restored.records) replay(engine, record)
  enterView(engine)
  state.lastSeen.fill(state.view)
  state.isFirstStart = restored.records.length === 0 && reserved === 0
  if (!state.isFirstStart && config.self !== undefined) state.listenUntilMs = Number.POSITIVE_INFINITY
  engine.out = emptyOutput()
  state.halted = false
}

/** The newest height whose roots may have changed as far as the final header tells; too high costs one empty block. */
function lastStateHeightOf(engine: Engine): number {
  const { header } = engine.state.final
  if (header.payloadCount > 0) return header.height
  return header.executed.height < header.height - 1 ? header.height - 1 : 0
}

/**
 * The application has lost blocks that were final: they come from the peers as to a node that never had them, and of what the journal
 * held up to this finalization nothing else is of use. A compacted journal has no votes from there either.
 */
function forgetUpTo(engine: Engine, record: Extract<JournalRecord, { kind: 'finalized' }>): void {
  const { state } = engine
  state.lostUpTo = record
  for (const view of state.views.keys()) if (view <= record.finalization.proposal.view) state.views.delete(view)
  dropBlocksUpTo(engine, record.header.height)
}

function replay(engine: Engine, record: JournalRecord): void {
  const { state } = engine
  switch (record.kind) {
    case 'block': {
      if (record.block.header.height > state.final.header.height) addBlock(engine, record.block).journaled = true
      return
    }
    case 'certificate': {
      const view = viewOfCertificate(record.certificate)
      if (view <= state.final.view) return
      const target = viewState(engine, view)
      hold(target, { certificate: record.certificate, subject: subjectOfCertificate(record.certificate) })
      for (const vote of votesOf(engine, record.certificate) ?? []) {
        if (vote.signer !== engine.config.self) addVote(engine, vote, 'certificate')
      }
      if (record.certificate.kind === 'finalization') state.signingFloor = Math.max(state.signingFloor, view)
      return
    }
    case 'vote': {
      const view = viewOfVote(record.vote.vote)
      if (view <= state.final.view || record.vote.signer !== engine.config.self) return
      const target = viewState(engine, view)
      recordOwnVote(target, record.vote, subjectOfVote(record.vote.vote))
      addVote(engine, record.vote, 'self')
      if (record.vote.vote.kind === 'notarize') {
        const entry = state.blocks.get(keyOf(record.vote.vote.proposal.blockHash))
        if (entry !== undefined) entry.verdict = 'valid'
      }
      return
    }
    case 'finalized': {
      const { proposal } = record.finalization
      if (proposal.view <= state.final.view) return
      const path = pathTo(engine, keyOf(proposal.blockHash))
      const finalization = { ...record.finalization, kind: 'finalization' as const }
      if (path.kind !== 'complete') {
        if (record.header.height > state.final.header.height && proposal.view > forgottenView(state)) {
          forgetUpTo(engine, record)
          replay(engine, { kind: 'certificate', certificate: finalization })
        }
        return
      }
      const blocks = path.blocks.map((entry) => entry.block)
      const certificates = certificatesUpTo(engine, proposal.view)
      if (blocks.length > 0) state.unacknowledged.push({ blocks, finalization, path: certificates })
      raiseFloor(engine, finalization, subjectOf(proposal), path.blocks.at(-1))
      return
    }
    case 'opened':
      return
    case 'lost':
      state.refusedView = Math.max(state.refusedView, record.upToView)
      return
    case 'evidence':
      state.evidence.set(`${record.evidence.signer}/${record.evidence.view}`, record.evidence)
      return
    case 'conflict':
    case 'retired':
      state.stops.push(record)
      return
  }
}
