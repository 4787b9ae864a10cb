import { fromHex } from '../codec/index.ts'
import type { BlockHash } from '../protocol/index.ts'
import { pathTo } from './blocks.ts'
import { type Engine, keyOf, leaderOf, send } from './engine.ts'
import type { Peer } from './input.ts'
import { type MessageContent, requestedViewsMax } from './messages.ts'
import type { HashKey } from './state.ts'

/** Requests under way at once; what else is missing waits its turn. */
export const wantsMax = 64

interface Missing {
  readonly name: string
  readonly content: MessageContent
  /** Who most likely has it. */
  readonly preferred: number | undefined
}

/**
 * Asks for what is missing, one peer at a time and the next one after a Δ: final blocks, bodies of certified and proposed
 * blocks, certificates of views. A first request waits an eighth of a Δ, since most of it is under way already.
 */
export function fetchMissing(engine: Engine): void {
  const { state, nowMs } = engine
  if (state.halted) return
  const missing = missingNow(engine)
  const names = new Set(missing.map(({ name }) => name))
  for (const name of state.wants.keys()) if (!names.has(name)) state.wants.delete(name)
  for (const { name, content, preferred } of missing) {
    const want = state.wants.get(name)
    if (want === undefined) {
      if (state.wants.size < wantsMax) {
        state.wants.set(name, { attempt: 0, nextAtMs: nowMs + Math.ceil(engine.config.parameters.deltaBaseMs / 8) })
      }
      continue
    }
    if (nowMs < want.nextAtMs) continue
    const peer = choosePeer(engine, content, preferred, want.attempt)
    want.attempt++
    want.nextAtMs = nowMs + engine.config.parameters.deltaBaseMs
    if (peer !== undefined) send(engine, peer.id, content)
  }
}

export function nextFetchMs(engine: Engine): number | undefined {
  let next: number | undefined
  for (const { nextAtMs } of engine.state.wants.values()) if (next === undefined || nextAtMs < next) next = nextAtMs
  return next
}

/** After an answer the next request of the same kind goes out at once. */
export function fetchSoon(engine: Engine, name: string): void {
  engine.state.wants.set(name, { attempt: 0, nextAtMs: engine.nowMs })
}

function missingNow(engine: Engine): Missing[] {
  const { state } = engine
  const missing: Missing[] = []
  const behind = isBehind(engine)
  if (behind) {
    const fromHeight = state.final.header.height + 1
    missing.push({
      name: `finalized ${fromHeight}`,
      content: { kind: 'requestFinalized', fromHeight },
      preferred: undefined,
    })
  }
  const blocks = new Map<HashKey, number>()
  const noteBlock = (block: HashKey, view: number): void => {
    const path = pathTo(engine, block)
    if (path.kind === 'missing' && !blocks.has(path.block)) blocks.set(path.block, leaderOf(engine, view))
  }
  // What is final further down is below the newest finalization, and comes in ranges.
  const oldest = Math.max(state.final.view + 1, state.signingFloor, state.view - requestedViewsMax)
  for (let view = oldest; view <= state.view; view++) {
    const at = state.views.get(view)
    const certified = at?.finalization ?? at?.notarization
    if (certified !== undefined) noteBlock(keyOf(certified.certificate.proposal.blockHash), view)
    for (const candidate of at?.candidates ?? []) if (!candidate.dead) noteBlock(candidate.block, view)
  }
  for (const [block, leader] of blocks) {
    const hash = fromHex(block) as Uint8Array as BlockHash
    missing.push({ name: `block ${block}`, content: { kind: 'requestBlock', hash }, preferred: leader })
  }
  const gap = missingViews(engine)
  if (gap !== undefined) {
    missing.push({
      name: `views ${gap.from}`,
      content: { kind: 'requestViews', ...gap },
      preferred: leaderOf(engine, state.view),
    })
  }
  return missing
}

/** A finalization whose blocks are not here, or a peer that names a higher final block. */
function isBehind(engine: Engine): boolean {
  const { state } = engine
  if (state.signingFloor > state.final.view) return true
  for (const height of state.peerFinalized.values()) if (height > state.final.header.height) return true
  return false
}

/** Views above the floor without a certificate, or without the nullification that a proposal of the current view builds on. */
function missingViews(engine: Engine): { from: number; to: number } | undefined {
  const { state } = engine
  const skipping = state.views.get(state.view)?.candidates.filter((candidate) => !candidate.dead) ?? []
  const parentView = Math.min(state.view, ...skipping.map(({ proposal }) => proposal.parentView))
  for (let view = state.signingFloor + 1; view < state.view; view++) {
    const at = state.views.get(view)
    const certified = at?.finalization ?? at?.notarization
    const lacking = view > parentView ? at?.nullification === undefined : (certified ?? at?.nullification) === undefined
    const lacksParent = view === parentView && certified === undefined
    if (lacking || lacksParent) return { from: view, to: Math.min(state.view - 1, view + requestedViewsMax - 1) }
  }
  return undefined
}

function choosePeer(
  engine: Engine,
  content: MessageContent,
  preferred: number | undefined,
  attempt: number,
): Peer | undefined {
  const { state } = engine
  let peers = [...state.peers.values()]
  if (content.kind === 'requestFinalized') {
    const ahead = peers.filter((peer) => (state.peerFinalized.get(peer.id) ?? 0) >= content.fromHeight)
    if (ahead.length > 0) peers = ahead
  }
  const first = peers.findIndex((peer) => peer.validator !== undefined && peer.validator === preferred)
  return peers.length === 0 ? undefined : peers[(Math.max(first, 0) + attempt) % peers.length]
}
