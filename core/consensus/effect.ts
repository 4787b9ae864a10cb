import type { Block, BlockHash, Certificate, ExecutedRoots, Finalization, Header } from '../protocol/index.ts'
import type { Evidence } from './evidence.ts'
import type { PeerId } from './input.ts'
import type { JournalRecord } from './journal.ts'
import type { ConsensusMessage } from './messages.ts'
import type { SignedVote } from './votes.ts'

/** Why the engine stopped for good. Nothing is signed or committed afterwards. */
export type HaltCode =
  /** Two certificates that can't both be (spec/consensus.md §5): the proof is in the journal. */
  | 'CONSENSUS_CONFLICT'
  /** A finalized header names other roots than this node's own execution. */
  | 'CONSENSUS_ROOT_DIVERGED'
  /** A signature of this node's key that its journal lacks: a copied key or a restored backup. */
  | 'CONSENSUS_KEY_USED_ELSEWHERE'

export interface Diagnosis {
  readonly code: HaltCode
  readonly detail: string
  readonly view: number
  readonly height: number
  /** The certificates that contradict each other. */
  readonly certificates: readonly Certificate[]
  /** For `CONSENSUS_ROOT_DIVERGED`: what the final header names and what this node computed. */
  readonly certified?: ExecutedRoots
  readonly own?: ExecutedRoots
}

/** Something an operator should look at; the engine goes on. */
export type AlarmCode =
  | 'CONSENSUS_PROPOSAL_ROOT_DIFFERS'
  | 'CONSENSUS_EVIDENCE_FOUND'
  | 'CONSENSUS_JOURNAL_DAMAGED'
  | 'CONSENSUS_LEADER_EQUIVOCATED'

export interface BuildRequest {
  readonly view: number
  readonly parent: Header
  readonly parentHash: BlockHash
  /** The blocks from the final tip's child up to the parent: what they list isn't listed again. */
  readonly ancestors: readonly Block[]
  readonly executed: ExecutedRoots
}

/** Blocks that became final together. */
export interface Commit {
  /** Ascending, the first one the child of the block that was final before. */
  readonly blocks: readonly Block[]
  /** Makes the last of the blocks final, and with it the others. */
  readonly finalization: Finalization
  /** The certificates on their path that this node holds (spec/consensus.md §10): kept for accountability. */
  readonly path: readonly Certificate[]
}

export type Effect =
  | { readonly kind: 'broadcast'; readonly message: ConsensusMessage }
  | { readonly kind: 'send'; readonly to: PeerId; readonly message: ConsensusMessage }
  /** The peer broke the protocol: close its connection. */
  | { readonly kind: 'disconnect'; readonly peer: PeerId; readonly reason: string }
  /** Give these back as the input `own`: they count in the own tally only now that they are durable. */
  | { readonly kind: 'loopback'; readonly votes: readonly SignedVote[] }
  /** Give the input `timer` at this monotonic time; replaces the one before, `undefined` cancels it. */
  | { readonly kind: 'wake'; readonly atMs: number | undefined }
  | { readonly kind: 'build'; readonly request: BuildRequest }
  /**
   * Check a block's payload: availability and signatures of batches, limits, what the final chain has already, the clock.
   * @property ancestors - The blocks between the final tip and this one.
   */
  | { readonly kind: 'check'; readonly block: Block; readonly hash: BlockHash; readonly ancestors: readonly Block[] }
  | { readonly kind: 'commit'; readonly commit: Commit }
  /** Make a reservation of views durable, then give the input `reserved`. */
  | { readonly kind: 'reserve'; readonly view: number }
  /** Answer a peer from the store of final blocks: message `finalized`, from this height up. */
  | { readonly kind: 'serveFinalized'; readonly to: PeerId; readonly fromHeight: number }
  /** Answer a peer with a final block: message `block`, or nothing. */
  | { readonly kind: 'serveBlock'; readonly to: PeerId; readonly hash: BlockHash }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  | { readonly kind: 'alarm'; readonly code: AlarmCode; readonly detail: string }
  | { readonly kind: 'halt'; readonly diagnosis: Diagnosis }

/**
 * The outcome of a step. The shell appends every record to its journal, makes them durable (one `fdatasync`), and only then
 * carries out the effects, in order. Several steps may share one sync: their records and effects in sequence.
 */
export interface Turn {
  readonly journal: readonly JournalRecord[]
  readonly effects: readonly Effect[]
}
