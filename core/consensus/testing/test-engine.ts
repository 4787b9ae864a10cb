import { taggedHash } from '../../crypto/index.ts'
import {
  type BatchDigest,
  type Block,
  type BlockHash,
  blockHashOf,
  type Certificate,
  type ConsensusParameters,
  defaultParameters,
  type ExecutedRoots,
  type Header,
  type LedgerId,
  type MemberId,
  type PayloadItem,
  type Proposal,
  payloadRootOf,
  proposalHashOf,
  type Validator,
} from '../../protocol/index.ts'
import type { ConsensusConfig, Restored } from '../config.ts'
import { type Consensus, createConsensus } from '../consensus.ts'
import type { Effect } from '../effect.ts'
import type { InputEvent, Peer } from '../input.ts'
import { decodeJournalRecord, encodeJournalRecord, type JournalRecord } from '../journal.ts'
import { justificationHashOf } from '../justification.ts'
import type { MessageContent } from '../messages.ts'
import { leaderSchedule } from '../schedule.ts'
import { messageOfVote, type SignedVote, type Vote } from '../votes.ts'

const ledger = taggedHash('test-ledger', Uint8Array.of(1)) as LedgerId
const keys = [0, 1, 2, 3].map((index) => taggedHash('test-key', Uint8Array.of(index)))

export const genesisRoots: ExecutedRoots = {
  height: 0,
  stateRoot: new Uint8Array(32).fill(1),
  historyRoot: new Uint8Array(32).fill(2),
}
export const genesisHeader: Header = {
  protocolVersion: 1,
  ledger,
  height: 0,
  parent: new Uint8Array(32) as BlockHash,
  timeMs: 1_000,
  payloadRoot: payloadRootOf([]),
  payloadCount: 0,
  executed: { ...genesisRoots, historyRoot: new Uint8Array(32) },
  epoch: 0,
  nextEpoch: undefined,
}
export const genesisHash = blockHashOf(genesisHeader)

const validators: Validator[] = keys.map((consensusKey, index) => ({
  member: taggedHash('test-member', Uint8Array.of(index)) as MemberId,
  consensusKey,
  nodeKey: taggedHash('test-node', Uint8Array.of(index)),
  stake: 1n,
}))

/** Hashes in the place of signatures. */
function sign(message: Uint8Array, key: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64)
  signature.set(taggedHash('test-signature', key, message))
  return signature
}

export const testParameters: ConsensusParameters = {
  ...defaultParameters.consensus,
  deltaBaseMs: 100,
  deltaCapMs: 1_000,
  standstillMs: 1_000,
  silentViews: 3,
}

export function configOf(self: number | undefined, parameters = testParameters): ConsensusConfig {
  return {
    ledger,
    epoch: 0,
    validators,
    self,
    parameters,
    boundary: { header: genesisHeader, hash: genesisHash },
    sign: (message) => sign(message, keys[self!]!),
    verify: (signature, message, key) => String(signature) === String(sign(message, key)),
  }
}

const schedule = leaderSchedule([1n, 1n, 1n, 1n], testParameters.schedulePeriodViews, genesisHash)

export function leaderAt(view: number): number {
  return schedule[(view - 1) % schedule.length]!
}

/** A validator that leads none of the first views that a test is about. */
export function followerOf(...views: number[]): number {
  return [0, 1, 2, 3].find((index) => views.every((view) => leaderAt(view) !== index))!
}

export function voteOf(signer: number, kind: 'nullify', view: number): SignedVote
export function voteOf(signer: number, kind: 'notarize' | 'finalize', proposal: Proposal): SignedVote
export function voteOf(signer: number, kind: Vote['kind'], subject: number | Proposal): SignedVote {
  const signature = new Uint8Array(64)
  const unsigned: Vote =
    typeof subject === 'number'
      ? { kind: 'nullify', epoch: 0, view: subject, signature }
      : { kind: kind as 'notarize', proposal: subject, signature }
  const vote = { ...unsigned, signature: sign(messageOfVote(ledger, unsigned), keys[signer]!) }
  return { signer, vote }
}

export function certificateBy(
  signers: readonly number[],
  kind: 'notarization' | 'finalization' | 'nullification',
  subject: number | Proposal,
): Certificate {
  const bits = signers.reduce((sum, signer) => sum | (1 << signer), 0)
  const signed = (voteKind: Vote['kind']): Uint8Array[] =>
    [...signers].sort().map((signer) => voteOf(signer, voteKind as 'notarize', subject as Proposal).vote.signature)
  const quorumOf = (voteKind: Vote['kind']) => ({
    scheme: 'ed25519-list' as const,
    signers: Uint8Array.of(bits),
    signatures: signed(voteKind),
  })
  if (kind === 'nullification') return { kind, epoch: 0, view: subject as number, quorum: quorumOf('nullify') }
  return { kind, proposal: subject as Proposal, quorum: quorumOf(kind === 'notarization' ? 'notarize' : 'finalize') }
}

/** The three other validators: a quorum. */
export function othersThan(index: number | undefined): number[] {
  return [0, 1, 2, 3].filter((other) => other !== index).slice(0, 3)
}

export function batchItem(number: number): PayloadItem {
  return { kind: 'batch', digest: taggedHash('test-batch', Uint8Array.of(number)) as BatchDigest }
}

export function blockOn(parent: Header, payload: PayloadItem[], change: Partial<Header> = {}): Block {
  const header: Header = {
    protocolVersion: 1,
    ledger,
    height: parent.height + 1,
    parent: blockHashOf(parent),
    timeMs: parent.timeMs + 1,
    payloadRoot: payloadRootOf(payload),
    payloadCount: payload.length,
    executed: parent.height === 0 ? genesisRoots : parent.executed,
    epoch: 0,
    nextEpoch: undefined,
    ...change,
  }
  return { header, payload }
}

/** A proposal of a block on a parent that is certified by a Proposal (none: the boundary). */
export function proposalOf(view: number, block: Block, parent?: Proposal): Proposal {
  const parentHash = parent?.blockHash ?? genesisHash
  const parentView = parent?.view ?? 0
  const parentProposal = parent === undefined ? genesisHash : proposalHashOf(parent)
  return {
    epoch: 0,
    view,
    parentView,
    parentHash,
    blockHash: blockHashOf(block.header),
    justificationHash: justificationHashOf(parentProposal, parentView, view),
  }
}

export function peerOf(validator: number): Peer {
  return { id: `validator ${validator}`, validator }
}

export interface EngineOptions {
  readonly self: number | undefined
  readonly parameters?: ConsensusParameters
  readonly restored?: Partial<Restored>
  /** Lets the listening time pass and grants the reservation, so that it may sign. */
  readonly ready?: boolean
}

/** One engine whose shell is the test: time moves by hand, records and effects pile up for inspection. */
export class TestEngine {
  readonly consensus: Consensus
  readonly self: number | undefined
  nowMs = 1_000
  journal: JournalRecord[] = []
  effects: Effect[] = []
  /** Whether loopbacks are given back at once, as after a sync. */
  loops = true

  constructor({ self, parameters = testParameters, restored = {}, ready = true }: EngineOptions) {
    this.self = self
    this.consensus = createConsensus(configOf(self, parameters), {
      records: [],
      damaged: false,
      reservation: undefined,
      committed: { header: genesisHeader, finalization: undefined },
      executed: [genesisRoots],
      ...restored,
    })
    this.give({ kind: 'start' })
    for (const index of [0, 1, 2, 3]) if (index !== self) this.give({ kind: 'connected', peer: peerOf(index) })
    if (ready) this.makeReady()
  }

  makeReady(): void {
    for (const effect of this.of('reserve')) this.give({ kind: 'reserved', view: effect.view })
    if (this.consensus.status().listening) this.pass(testParameters.standstillMs)
  }

  give(event: InputEvent): Effect[] {
    const turn = this.consensus.step({ ...event, nowMs: this.nowMs })
    this.journal.push(...turn.journal)
    this.effects.push(...turn.effects)
    const produced = [...turn.effects]
    for (const effect of turn.effects) {
      if (this.loops && effect.kind === 'loopback') produced.push(...this.give({ kind: 'own', votes: effect.votes }))
    }
    return produced
  }

  message(from: number, content: MessageContent, executedHeight = 0, finalizedHeight = 0): Effect[] {
    return this.give({
      kind: 'message',
      from: peerOf(from),
      message: { epoch: 0, executedHeight, finalizedHeight, content },
    })
  }

  votes(from: number, ...votes: SignedVote[]): Effect[] {
    return this.message(from, { kind: 'votes', votes })
  }

  /** The leader's proposal with its block, as its own connection brings it. */
  propose(proposal: Proposal, block: Block | undefined, justification: Certificate[] = []): Effect[] {
    const leader = leaderAt(proposal.view)
    return this.message(leader, {
      kind: 'proposal',
      vote: voteOf(leader, 'notarize', proposal),
      block,
      justification,
    })
  }

  /** The shell finds a block valid. */
  approve(block: Block): Effect[] {
    return this.give({ kind: 'verdict', block: blockHashOf(block.header), verdict: 'valid' })
  }

  /** Moves the clock and fires the timer. */
  pass(ms: number): Effect[] {
    this.nowMs += ms
    return this.give({ kind: 'timer' })
  }

  of<K extends Effect['kind']>(kind: K): Extract<Effect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind)
  }

  /** Own votes that went out, in order: in vote messages and as proposals. */
  sentVotes(): SignedVote[] {
    return this.of('broadcast')
      .flatMap(({ message: { content } }) =>
        content.kind === 'votes' ? content.votes : content.kind === 'proposal' ? [content.vote] : [],
      )
      .filter(({ signer }) => signer === this.self)
  }

  sentKinds(): string[] {
    return this.sentVotes().map(
      ({ vote }) => `${vote.kind} ${vote.kind === 'nullify' ? vote.view : vote.proposal.view}`,
    )
  }

  /** The same node after a crash, with what its journal holds (through its encoding). */
  restarted(restored: Partial<Restored> = {}, ready = true): TestEngine {
    const records = this.journal.map((record) => decodeJournalRecord(encodeJournalRecord(record)))
    const reservation = { epoch: 0, view: 256 }
    return new TestEngine({ self: this.self, restored: { records, reservation, ...restored }, ready })
  }
}
