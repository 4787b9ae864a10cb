import type { BlockHash, ExecutedRoots, PayloadItem } from '../protocol/index.ts'
import type { ConsensusMessage } from './messages.ts'
import type { SignedVote } from './votes.ts'

/** A name for the other end of a connection, stable over reconnects (its node key in hexadecimal, say). Opaque here. */
export type PeerId = string

/** A connected peer, and the index in the epoch's set that its connection is authenticated as. */
export interface Peer {
  readonly id: PeerId
  readonly validator: number | undefined
}

/** What can happen to a validator. */
export type InputEvent =
  /** The first input after `createConsensus`. */
  | { readonly kind: 'start' }
  | { readonly kind: 'connected'; readonly peer: Peer }
  | { readonly kind: 'disconnected'; readonly peer: Peer }
  | { readonly kind: 'message'; readonly from: Peer; readonly message: ConsensusMessage }
  /** Own votes of an earlier turn (effect `loopback`), now that they are durable. */
  | { readonly kind: 'own'; readonly votes: readonly SignedVote[] }
  /** The time of the last `wake` effect has come. Inputs that were waiting are given first. */
  | { readonly kind: 'timer' }
  /** Answer to `check`. No answer means *not yet*: data, execution or the clock are behind. */
  | { readonly kind: 'verdict'; readonly block: BlockHash; readonly verdict: 'valid' | 'invalid' }
  /**
   * Answer to `build`. `payload: undefined` means that there is nothing to order; an empty payload asks for an empty
   * block (a heartbeat). What is given must be valid and durable here, as for the verdict `valid`.
   * @property timeMs - The proposer's wall clock, Unix milliseconds.
   */
  | {
      readonly kind: 'built'
      readonly view: number
      readonly payload: readonly PayloadItem[] | undefined
      readonly timeMs: number
    }
  /** A final block was executed; heights come in order, after a restart from the final tip's own `executed.height` on. */
  | { readonly kind: 'executed'; readonly roots: ExecutedRoots }
  /** Everything up to this height that `commit` handed out is durable. */
  | { readonly kind: 'committed'; readonly height: number }
  /** Whether there is something to order: batches, evidence, a due tick, a heartbeat. */
  | { readonly kind: 'work'; readonly present: boolean }
  /** Answer to `reserve`, once it is durable. */
  | { readonly kind: 'reserved'; readonly view: number }

/** An event and the monotonic time of its handling in milliseconds, never less than the input's before. */
export type Input = InputEvent & { readonly nowMs: number }
