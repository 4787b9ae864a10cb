import type { Hash } from '../crypto/index.ts'
import type {
  BlockHash,
  ConsensusParameters,
  ExecutedRoots,
  Finalization,
  Header,
  LedgerId,
  Validator,
} from '../protocol/index.ts'
import type { JournalRecord } from './journal.ts'

export interface ConsensusConfig {
  readonly ledger: LedgerId
  readonly epoch: number
  /** The epoch's set, in the order that bitmaps use. */
  readonly validators: readonly Validator[]
  /** The index of this node's key in the set; `undefined` for an observer, which signs nothing. */
  readonly self: number | undefined
  readonly parameters: ConsensusParameters
  /** View 0 of the epoch: the genesis header, notarized and final by definition. */
  readonly boundary: { readonly header: Header; readonly hash: BlockHash }
  /** Signs with this node's consensus key; deterministic (Ed25519 is). Called from one place only. */
  readonly sign: (message: Hash) => Uint8Array
  readonly verify: (signature: Uint8Array, message: Hash, consensusKey: Uint8Array) => boolean
}

/** What a node finds on its disk when it starts; a first start has no records and no reservation. */
export interface Restored {
  readonly records: readonly JournalRecord[]
  /** The journal lost more than an incomplete last record. Nothing is signed up to the reservation then. */
  readonly damaged: boolean
  readonly reservation: { readonly epoch: number; readonly view: number } | undefined
  /** The newest block that the application holds durably (the boundary at first) and what makes it final. */
  readonly committed: { readonly header: Header; readonly finalization: Finalization | undefined }
  /** Roots of executed heights, ascending, at least from the committed header's `executed.height` on. */
  readonly executed: readonly ExecutedRoots[]
}
