/** What a running engine shows of itself, for metrics and for people. */
export interface ConsensusStatus {
  readonly epoch: number
  readonly view: number
  /** The view of the newest finalization whose blocks are here. */
  readonly floor: number
  readonly finalizedHeight: number
  readonly executedHeight: number
  /** The highest final height that a peer named. */
  readonly peersFinalizedHeight: number
  readonly leader: number
  readonly deltaMs: number
  readonly working: boolean
  readonly listening: boolean
  readonly halted: boolean
  readonly viewsTimedOut: number
  readonly evidenceFound: number
}
