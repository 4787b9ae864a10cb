import type { AlarmCode, BuildRequest, Commit, Diagnosis, Evidence, Peer, PeerId } from '@tallystick/core/consensus'
import type { Block, BlockHash, ExecutedRoots, Finalization, Header, PayloadItem } from '@tallystick/core/protocol'

/** The consensus journal on disk: framed records with checksums in append-only segments. */
export interface JournalPort {
  /** The records in order. Only an incomplete last record may have been cut; any other loss is `damaged`. */
  read(): { records: Uint8Array[]; damaged: boolean }
  /** Resolves when the records are durable, in order. A failure is fatal: the process ends, nothing is retried. */
  append(records: readonly Uint8Array[]): Promise<void>
  /** Replaces the whole log by these records, in a new synced segment, before the old ones are deleted. */
  compact(live: readonly Uint8Array[]): Promise<void>
}

/** A second file beside the journal: nothing is signed in views above it. */
export interface ReservationPort {
  read(): { epoch: number; view: number } | undefined
  /** Resolves when it is durable; never lowers it. */
  raise(to: { epoch: number; view: number }): Promise<void>
}

export interface NetworkHandlers {
  connected(peer: Peer): void
  disconnected(peer: Peer): void
  message(from: Peer, bytes: Uint8Array): void
}

/** The connections for votes and certificates, in order per peer while a connection lasts. */
export interface ConsensusNetworkPort {
  /** Does nothing if the peer is not connected. */
  send(to: PeerId, bytes: Uint8Array): void
  /** To every connected peer, validators and observers. */
  broadcast(bytes: Uint8Array): void
  disconnect(peer: PeerId, reason: string): void
  /** Called once, at the start; `connected` follows for every peer that is connected already. */
  subscribe(handlers: NetworkHandlers): void
}

export interface ApplicationHandlers {
  workChanged(present: boolean): void
  /** A final block was executed; heights in order. */
  executed(roots: ExecutedRoots): void
}

/** What the ledger's side of the node does for consensus. */
export interface ApplicationPort {
  /** The newest block that is durable here (the genesis header at first), and what makes it final. */
  committed(): { header: Header; finalization: Finalization | undefined }
  /** Roots of executed heights, ascending, at least from the committed header's `executed.height` on (genesis: height 0). */
  recentExecuted(): ExecutedRoots[]
  /** Whether there is something to order: batches not yet ordered, evidence, a due tick, a heartbeat. */
  hasWork(): boolean
  /**
   * Chooses the payload of a block: items that are valid and durable here. `undefined`: nothing to order. An empty list
   * makes an empty block (a heartbeat). `timeMs` is the wall clock.
   */
  buildPayload(request: BuildRequest): Promise<{ payload: readonly PayloadItem[] | undefined; timeMs: number }>
  /**
   * Resolves when the answer is certain, so a missing batch or a time ahead of the own clock leaves it pending. `valid` means that
   * every batch it lists is durable here. `ancestors` are the blocks between the newest committed one and this one.
   */
  checkPayload(block: Block, ancestors: readonly Block[]): Promise<'valid' | 'invalid'>
  /**
   * Stores final blocks; resolves when they are durable. Called in order, one at a time. Batches may still be missing here (catch-up):
   * the application fetches them before it executes.
   * @param following - Final too, and committed next, in this order: what they list may be fetched already.
   */
  commit(commit: Commit, following: readonly Block[]): Promise<void>
  /** The stored blocks from a height up to the next block that has a finalization stored, or further; for a peer that is behind. */
  finalizedFrom(height: number): Promise<{ blocks: readonly Block[]; finalization: Finalization } | undefined>
  blockByHash(hash: BlockHash): Promise<Block | undefined>
  evidence(evidence: Evidence): void
  subscribe(handlers: ApplicationHandlers): void
}

/** A monotonic clock with timers; Node's own by default. */
export interface ClockPort {
  nowMs(): number
  /** @returns A function that cancels it. */
  after(delayMs: number, run: () => void): () => void
}

/** What the process does about the engine's troubles. */
export interface SupervisorPort {
  alarm(code: AlarmCode, detail: string): void
  /** The engine stopped for good; the diagnosis is for the operator. */
  halted(diagnosis: Diagnosis): void
  /** A port failed (a sync, say): the process has to end. */
  fatal(error: unknown): void
}
