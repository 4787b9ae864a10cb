import { type Block, blockHashOf } from '../protocol/index.ts'
import { answerBlock, answerViews, takeBlock, takeFinalized } from './answering.ts'
import { addBlock } from './blocks.ts'
import { acceptCertificate } from './certificates.ts'
import { type Engine, keyOf, leaderOf } from './engine.ts'
import { addExecuted } from './finality.ts'
import { hasDeclaredPayload } from './header-rules.ts'
import type { Input, Peer } from './input.ts'
import type { ConsensusMessage, MessageContent } from './messages.ts'
import { noteHeights } from './reports.ts'
import { greet } from './standstill.ts'
import { startUp } from './start.ts'
import { addVote, disconnect } from './tally.ts'
import { enterView } from './views.ts'

/** Bodies of proposals further ahead are not stored: they are fetched once the view is near. */
export const bodyViewsAheadMax = 16

/** Takes an input into the state; what it allows is found out afterwards. */
export function handle(engine: Engine, input: Input): void {
  const { state, out } = engine
  switch (input.kind) {
    case 'start':
      startUp(engine)
      return
    case 'connected':
      state.peers.set(input.peer.id, input.peer)
      greet(engine, input.peer)
      return
    case 'disconnected':
      state.peers.delete(input.peer.id)
      state.peerFinalized.delete(input.peer.id)
      return
    case 'message':
      handleMessage(engine, input.from, input.message)
      return
    case 'own':
      for (const vote of input.votes) addVote(engine, vote, 'self')
      return
    case 'timer':
      state.wakeAtMs = undefined
      engine.firedMs = engine.nowMs
      return
    case 'verdict': {
      const entry = state.blocks.get(keyOf(input.block))
      if (entry?.verdict === 'asked') entry.verdict = input.verdict
      return
    }
    case 'built':
      if (state.build?.view === input.view && state.build.answer === undefined) {
        state.build.answer = { payload: input.payload, timeMs: input.timeMs }
      }
      return
    case 'executed':
      addExecuted(engine, input.roots)
      return
    case 'committed':
      state.committedHeight = Math.max(state.committedHeight, input.height)
      state.unacknowledged = state.unacknowledged.filter(({ blocks }) => blocks.at(-1)!.header.height > input.height)
      return
    case 'work':
      state.appWork = input.present
      if (input.present && state.build?.answer !== undefined && state.build.answer.payload === undefined) {
        state.build = undefined
      }
      return
    case 'reserved':
      state.reservedView = Math.max(state.reservedView, input.view)
      out.changed = true
      return
  }
}

function handleMessage(engine: Engine, from: Peer, message: ConsensusMessage): void {
  const { content } = message
  if (message.epoch !== engine.config.epoch) return
  noteHeights(engine, from, message)
  switch (content.kind) {
    case 'proposal':
      takeProposal(engine, from, content)
      return
    case 'votes':
      for (const vote of content.votes) addVote(engine, vote, from)
      return
    case 'certificates':
      for (const certificate of content.certificates) acceptCertificate(engine, certificate, from)
      return
    case 'status':
      return
    case 'requestViews':
      answerViews(engine, from, content)
      return
    case 'requestBlock':
      answerBlock(engine, from, content)
      return
    case 'block':
      takeBlock(engine, content)
      return
    case 'requestFinalized':
      engine.out.effects.push({ kind: 'serveFinalized', to: from.id, fromHeight: content.fromHeight })
      return
    case 'finalized':
      takeFinalized(engine, from, content)
      return
  }
}

/** The justification comes first, so that no vote runs ahead of the own view; the body counts only under the leader's signature. */
function takeProposal(engine: Engine, from: Peer, content: Extract<MessageContent, { kind: 'proposal' }>): void {
  const { state } = engine
  for (const certificate of content.justification) acceptCertificate(engine, certificate, from)
  enterView(engine)
  const { signer, vote } = content.vote
  if (vote.kind !== 'notarize' || vote.proposal.view === 0 || signer !== leaderOf(engine, vote.proposal.view)) {
    disconnect(engine, from, 'a proposal that is not its view’s leader’s')
    return
  }
  addVote(engine, content.vote, from)
  const { block } = content
  const candidates = state.views.get(vote.proposal.view)?.candidates ?? []
  const isSigned = candidates.some((candidate) => candidate.block === keyOf(vote.proposal.blockHash))
  if (block === undefined || !isSigned || vote.proposal.view > state.view + bodyViewsAheadMax) return
  addSignedBody(engine, from, vote.proposal.blockHash, block)
}

function addSignedBody(engine: Engine, from: Peer, hash: Uint8Array, block: Block): void {
  const { state } = engine
  if (state.blocks.has(keyOf(hash)) || block.header.height <= state.final.header.height) return
  if (keyOf(blockHashOf(block.header)) !== keyOf(hash) || !hasDeclaredPayload(block)) {
    disconnect(engine, from, 'a proposal with another block than it names')
    return
  }
  addBlock(engine, block)
}
