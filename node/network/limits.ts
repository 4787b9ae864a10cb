/** Bounds on what a peer, or a stranger, can make this node spend. Times in milliseconds. */
export interface NetworkLimits {
  /** From the TCP connection to the peer's hello. */
  readonly handshakeMs: number
  /** Connections that have not shown a known key yet; the oldest makes room for another. */
  readonly pendingConnectionsMax: number
  /** Those of one address; more are closed at once. */
  readonly pendingPerAddressMax: number
  /** In each turn a channel of a peer may keep this node busy for so long; the rest is read in the next turn. */
  readonly busyMsMax: number
  readonly turnMs: number
  /** How often a sign of life is sent. */
  readonly pingMs: number
  /** A connection without any byte for this long is dead. */
  readonly silenceMsMax: number
  /** Dialling again starts with this delay, doubles to the maximum, each time with jitter. */
  readonly redialMs: number
  readonly redialMsMax: number
  /** The side with the larger key dials only after having waited this long for the other. */
  readonly dialTurnMs: number
  /** How long a peer that was disconnected on purpose is refused. */
  readonly refusalMs: number
  /** What is handed to TLS ahead; the rest waits in the queue. */
  readonly writeAheadBytesMax: number
}

export const defaultLimits: NetworkLimits = {
  handshakeMs: 5_000,
  pendingConnectionsMax: 64,
  pendingPerAddressMax: 16,
  busyMsMax: 40,
  turnMs: 100,
  pingMs: 3_000,
  silenceMsMax: 10_000,
  redialMs: 100,
  redialMsMax: 5_000,
  dialTurnMs: 2_000,
  refusalMs: 10_000,
  writeAheadBytesMax: 256 * 1_024,
}
