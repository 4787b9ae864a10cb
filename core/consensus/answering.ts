import { blockHashOf, type Header } from '../protocol/index.ts'
import { addBlock } from './blocks.ts'
import { acceptCertificate } from './certificates.ts'
import { type Engine, keyOf, send } from './engine.ts'
import { fetchSoon } from './fetching.ts'
import { hasDeclaredPayload } from './header-rules.ts'
import type { Peer } from './input.ts'
import { certificatesPerMessageMax, type MessageContent, requestedViewsMax, votesPerMessageMax } from './messages.ts'
import { haltOnConflict } from './misbehaviour.ts'
import { certificatesOf, relayableVotes } from './standstill.ts'
import { disconnect } from './tally.ts'
import type { SignedVote } from './votes.ts'

type Content<K extends MessageContent['kind']> = Extract<MessageContent, { kind: K }>

/** Sends the certificates and votes of named views, as many as one message of each holds. */
export function answerViews(engine: Engine, from: Peer, request: Content<'requestViews'>): void {
  const { state } = engine
  const last = Math.min(request.to, request.from + requestedViewsMax - 1)
  const certificates = []
  const votes: SignedVote[] = []
  const newest = state.final.finalization
  if (newest !== undefined && request.from <= state.final.view) {
    certificates.push({ ...newest, kind: 'finalization' as const })
  }
  for (let number = request.from; number <= last; number++) {
    const view = state.views.get(number)
    if (view === undefined) continue
    certificates.push(...certificatesOf(view))
    votes.push(...relayableVotes(engine, view, undefined))
  }
  for (let i = 0; i < certificates.length; i += certificatesPerMessageMax) {
    send(engine, from.id, { kind: 'certificates', certificates: certificates.slice(i, i + certificatesPerMessageMax) })
  }
  if (votes.length > 0) send(engine, from.id, { kind: 'votes', votes: votes.slice(0, votesPerMessageMax) })
}

/** Sends a block that is not final yet; the shell looks among the final ones. */
export function answerBlock(engine: Engine, from: Peer, { hash }: Content<'requestBlock'>): void {
  const entry = engine.state.blocks.get(keyOf(hash))
  if (entry !== undefined) send(engine, from.id, { kind: 'block', block: entry.block })
  else engine.out.effects.push({ kind: 'serveBlock', to: from.id, hash })
}

/** Takes a block only if it was asked for: anyone can make up blocks. */
export function takeBlock(engine: Engine, { block }: Content<'block'>): void {
  const key = keyOf(blockHashOf(block.header))
  if (!engine.state.wants.has(`block ${key}`) || !hasDeclaredPayload(block)) return
  addBlock(engine, block)
}

/**
 * Takes a range of final blocks: verified are the finalization of its last block, then the headers backwards by hash to the own
 * final tip, then each payload against its header. Bodies that were left out are fetched by hash.
 */
export function takeFinalized(engine: Engine, from: Peer, range: Content<'finalized'>): void {
  const { state, config } = engine
  const { headers, payloads } = range
  const last = headers.at(-1)
  if (last === undefined || payloads.length > headers.length || !areLinked(headers)) {
    disconnect(engine, from, 'a range of final blocks that does not link up')
    return
  }
  const { proposal } = range.finalization
  if (proposal.epoch !== config.epoch || proposal.view <= state.final.view) return
  if (keyOf(blockHashOf(last)) !== keyOf(proposal.blockHash)) {
    disconnect(engine, from, 'a finalization of another block than the range ends with')
    return
  }
  const first = headers.findIndex((header) => header.height === state.final.header.height + 1)
  if (first < 0) return
  const finalization = { ...range.finalization, kind: 'finalization' as const }
  acceptCertificate(engine, finalization, from, false)
  if (state.views.get(proposal.view)?.finalization === undefined || state.halted) return
  if (keyOf(headers[first]!.parent) !== state.final.key) {
    const detail = 'a finalized chain is beside the final chain'
    haltOnConflict(engine, state.final.finalization ?? finalization, finalization, detail)
    return
  }
  for (const [i, payload] of payloads.entries()) {
    const block = { header: headers[i]!, payload }
    if (i < first) continue
    if (!hasDeclaredPayload(block)) {
      disconnect(engine, from, 'a payload that its header does not name')
      return
    }
    addBlock(engine, block)
  }
  fetchSoon(engine, `finalized ${last.height + 1}`)
}

function areLinked(headers: readonly Header[]): boolean {
  return headers.every((header, i) => i === 0 || keyOf(header.parent) === keyOf(blockHashOf(headers[i - 1]!)))
}
