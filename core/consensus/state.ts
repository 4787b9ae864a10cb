import type {
  Block,
  BlockHash,
  Certificate,
  ExecutedRoots,
  Finalization,
  Header,
  PayloadItem,
  Proposal,
} from '../protocol/index.ts'
import type { ConsensusConfig } from './config.ts'
import type { Commit, Effect } from './effect.ts'
import type { Evidence } from './evidence.ts'
import type { Peer, PeerId } from './input.ts'
import type { JournalRecord } from './journal.ts'
import type { SignedVote, Vote } from './votes.ts'

/** A hash as hexadecimal text: the key of a map. */
export type HashKey = string

export interface StoredVote {
  readonly signed: SignedVote
  /** The key of the Proposal's hash, empty for nullify. */
  readonly subject: HashKey
  verified: boolean
}

/** A certificate and the key of its Proposal's hash (empty for a nullification). */
export interface Certified<K extends Certificate['kind'] = Certificate['kind']> {
  readonly certificate: Extract<Certificate, { kind: K }>
  readonly subject: HashKey
}

/** A Proposal that the view's leader signed. */
export interface Candidate {
  readonly proposal: Proposal
  readonly subject: HashKey
  readonly block: HashKey
  /** Found invalid, or off the final chain: never voted for. */
  dead: boolean
}

/** Votes by signer; the second of a signer is the conflicting one. */
export type VoteTable = Map<number, StoredVote[]>

export interface ViewState {
  readonly view: number
  /** What this node did here: the Proposal it notarized and finalized, and whether it nullified. */
  notarized: HashKey | undefined
  nullified: boolean
  finalized: HashKey | undefined
  /** This node's votes, in the order of signing. */
  readonly own: SignedVote[]
  readonly votes: Record<Vote['kind'], VoteTable>
  notarization: Certified<'notarization'> | undefined
  nullification: Certified<'nullification'> | undefined
  finalization: Certified<'finalization'> | undefined
  candidates: Candidate[]
}

export function emptyView(view: number): ViewState {
  return {
    view,
    notarized: undefined,
    nullified: false,
    finalized: undefined,
    own: [],
    votes: { notarize: new Map(), nullify: new Map(), finalize: new Map() },
    notarization: undefined,
    nullification: undefined,
    finalization: undefined,
    candidates: [],
  }
}

export interface BlockEntry {
  readonly block: Block
  readonly hash: BlockHash
  readonly key: HashKey
  readonly parent: HashKey
  /** What the shell said of the payload; `valid` for an own block. */
  verdict: 'unasked' | 'asked' | 'valid' | 'invalid'
  /** Whether the header rules that never change their answer hold; `undefined` before they could be checked. */
  form: 'good' | 'bad' | undefined
  journaled: boolean
  /** Where the last walk down from here ended, and the final tip at that time. */
  gap: { readonly missing: HashKey; readonly above: HashKey } | undefined
}

/** The newest final block, and the view and certificate of the newest finalization (none at the boundary). */
export interface FinalTip {
  header: Header
  hash: BlockHash
  key: HashKey
  view: number
  /** The hash of the Proposal that made it final; the block's own hash for view 0. */
  subject: HashKey
  finalization: Finalization | undefined
}

/** A request to peers that is repeated, to one peer after the other, as long as it is wanted. */
export interface Want {
  attempt: number
  nextAtMs: number
}

export interface Build {
  readonly view: number
  readonly parent: HashKey
  readonly executed: ExecutedRoots
  answer: { payload: readonly PayloadItem[] | undefined; timeMs: number } | undefined
}

/** Deadlines of the current view on the monotonic clock; armed only while there is work. */
export interface ViewTimers {
  leaderMs: number
  advanceMs: number
  proposeMs: number
  repeatMs: number
}

export interface State {
  view: number
  enteredMs: number
  timers: ViewTimers | undefined
  /** This node nullified the current view because a timer ran out. */
  timedOut: boolean
  deltaMs: number

  /** Views above the floor. */
  readonly views: Map<number, ViewState>
  /** Views at and below the floor, the newest F of them: kept to notice conflicts. */
  readonly frozen: Map<number, ViewState>
  final: FinalTip
  /** The highest view with a finalization, its blocks here or not: nothing is signed at or below it. */
  signingFloor: number
  /** Height of the newest final block with a payload; its root has to be carried by a final header. */
  lastStateHeight: number
  readonly blocks: Map<HashKey, BlockEntry>
  /** A block, a finalization or the floor is new since finalizations were last compared with the blocks that are here. */
  commitDue: boolean
  /** Finalized blocks that the shell has not reported as durable. */
  unacknowledged: Commit[]
  committedHeight: number

  executedHeight: number
  /** Own roots by height, from the final header's `executed.height` on. */
  readonly roots: Map<number, ExecutedRoots>
  /** Roots that final headers named before this node executed the height. */
  readonly awaitedRoots: Map<number, ExecutedRoots>
  /** Executed and final heights as the validators report them. */
  readonly reportedExecuted: number[]
  readonly peers: Map<PeerId, Peer>
  readonly peerFinalized: Map<PeerId, number>
  announcedExecuted: number

  appWork: boolean
  build: Build | undefined
  /** By validator: the own view in which a signature of it was last seen. */
  readonly lastSeen: number[]

  reservedView: number
  reservationAsked: number
  /** Views up to here are never signed: the journal that bound them is lost. */
  refusedView: number
  /**
   * The newest finalization of a replayed journal, where the blocks below it are lost. What the journal held up to its view is
   * forgotten, own votes too: it is never signed there again, and a signature from there tells nothing.
   */
  lostUpTo: Extract<JournalRecord, { kind: 'finalized' }> | undefined
  listenUntilMs: number | undefined
  /** No journal and no reservation: nothing was ever signed here. */
  isFirstStart: boolean
  halted: boolean

  /** Records of why this node halted for good. */
  readonly stops: JournalRecord[]
  readonly evidence: Map<string, Evidence>
  readonly wants: Map<string, Want>
  standstillAtMs: number
  standstillFactor: number
  standstillCursor: number
  wakeAtMs: number | undefined
  viewsTimedOut: number
}

/** Up to this view the journal need not hold the own votes. */
export function forgottenView({ final, lostUpTo }: State): number {
  return Math.max(final.view, lostUpTo?.finalization.proposal.view ?? 0)
}

/** What a step has produced so far. */
export interface Output {
  journal: JournalRecord[]
  effects: Effect[]
  /** Own votes of this step, to be looped back. */
  ownVotes: SignedVote[]
  /** Own votes to be broadcast (a leader's notarize vote travels in its proposal instead). */
  broadcastVotes: SignedVote[]
  broadcastCertificates: Certificate[]
  /** Votes that were stored and may complete a certificate. */
  counted: { readonly view: number; readonly kind: Vote['kind']; readonly subject: HashKey }[]
  /** Something changed that may allow a further rule to fire. */
  changed: boolean
}

export function emptyOutput(): Output {
  return {
    journal: [],
    effects: [],
    ownVotes: [],
    broadcastVotes: [],
    broadcastCertificates: [],
    counted: [],
    changed: false,
  }
}

/** The state at the epoch's boundary, before anything is restored. */
export function initialState(config: ConsensusConfig, boundary: HashKey): State {
  const { header, hash } = config.boundary
  const count = config.validators.length
  return {
    view: 0,
    enteredMs: 0,
    timers: undefined,
    timedOut: false,
    deltaMs: config.parameters.deltaBaseMs,
    views: new Map(),
    frozen: new Map(),
    final: { header, hash, key: boundary, view: 0, subject: boundary, finalization: undefined },
    signingFloor: 0,
    lastStateHeight: 0,
    blocks: new Map(),
    commitDue: true,
    unacknowledged: [],
    committedHeight: header.height,
    executedHeight: header.height,
    roots: new Map(),
    awaitedRoots: new Map(),
    reportedExecuted: Array.from({ length: count }, () => header.height),
    peers: new Map(),
    peerFinalized: new Map(),
    announcedExecuted: header.height,
    appWork: false,
    build: undefined,
    lastSeen: Array.from({ length: count }, () => 0),
    reservedView: 0,
    reservationAsked: 0,
    refusedView: 0,
    lostUpTo: undefined,
    listenUntilMs: undefined,
    isFirstStart: false,
    halted: false,
    stops: [],
    evidence: new Map(),
    wants: new Map(),
    standstillAtMs: 0,
    standstillFactor: 1,
    standstillCursor: 0,
    wakeAtMs: undefined,
    viewsTimedOut: 0,
  }
}
