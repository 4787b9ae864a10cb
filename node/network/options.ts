import type { NetworkLimits } from './limits.ts'

export type Channel = string

/** Who may connect. Nobody else gets further than the handshake. */
export interface PeerAddress {
  /** The Ed25519 public key that the peer's certificate must have, 32 bytes. */
  readonly nodeKey: Uint8Array
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface PeerNetworkOptions {
  /** The ledger's id, 32 bytes: peers of another ledger are turned away. */
  readonly ledger: Uint8Array
  /** The seed of this node's Ed25519 key. */
  readonly nodeKeySeed: Uint8Array
  /** This software's version, told to the peers. */
  readonly nodeVersion: string
  readonly listen: { readonly host: string; readonly port: number }
  /** The other nodes. An entry with the own key is left out. */
  readonly peers: readonly PeerAddress[]
  /** Each is a connection of its own, and both ends must name the same; by default those of channels.ts. */
  readonly channels?: readonly ChannelOptions[]
  readonly limits?: Partial<NetworkLimits>
  /** One line for each event that an operator should see. */
  readonly log?: (line: string) => void
  /** Called for each connection that was refused before it was a peer's: very often under attack. */
  readonly onRefused?: (code: string, cause: string) => void
}

export interface ChannelOptions {
  readonly name: Channel
  readonly messageBytesMax: number
  /** Bytes that wait for a peer; a message that would exceed it is not sent. */
  readonly queueBytesMax: number
  /** Disconnect a peer that takes nothing for this long while messages wait; `undefined`: it may stop reading (`pause`). */
  readonly stalledMsMax?: number
}

export type PeerState = 'connected' | 'disconnected'

/** What is counted of one peer's channel, since the start. */
export interface ChannelStats {
  readonly connected: boolean
  readonly bytesIn: number
  readonly bytesOut: number
  readonly messagesIn: number
  readonly messagesOut: number
  /** Messages that were not sent, as the queue was full. */
  readonly dropped: number
  readonly queuedBytes: number
  /** Turns in which the peer sent more than was read at once. */
  readonly heldBack: number
  /** How often a connection came up. */
  readonly connections: number
}

export interface PeerStats {
  /** The node key in lower-case hexadecimal. */
  readonly key: string
  readonly name: string
  readonly channels: Readonly<Record<Channel, ChannelStats>>
}

/**
 * A full mesh of mutually authenticated TLS 1.3 connections. Peers are named by their node key in lower-case hexadecimal.
 * Messages on one channel of one connection arrive in the order in which they were sent, once, or not at all: what was under way
 * when a connection ended is lost.
 */
export interface PeerNetwork {
  /**
   * Listens, and dials the peers until each is there.
   * @throws {NetworkError} `NETWORK_PORT_IN_USE` and others of errors.ts.
   */
  start(): Promise<void>
  /** Ends every connection and stops listening. */
  stop(): Promise<void>
  /** Where it listens, once started; the system chose the port where 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number }
  /**
   * Queues a message. It must not be changed afterwards.
   * @returns Whether it was queued: `false` where the peer is not connected or its queue is full.
   * @throws {RangeError} if the message is larger than the channel's limit.
   */
  send(peer: string, channel: Channel, message: Uint8Array): boolean
  /** To every connected peer; to those whose queue is full it is not sent. */
  broadcast(channel: Channel, message: Uint8Array): void
  /** The peers whose channel is up. */
  connected(channel: Channel): string[]
  /**
   * Ends all connections of a peer and refuses it for a while. The reason's code is counted, and sent to it; what is no code of
   * errors.ts is logged, and counts as `PEER_MISBEHAVED`.
   */
  disconnect(peer: string, reason: string): void
  /** Stops reading a peer's channel, so that TCP holds the sender back; lasts over reconnects until `resume`. */
  pause(peer: string, channel: Channel): void
  resume(peer: string, channel: Channel): void
  /** @returns what ends it. */
  onMessage(channel: Channel, listener: (peer: string, message: Uint8Array) => void): () => void
  /** Each channel comes up and goes down by itself. @returns what ends it. */
  onPeer(listener: (peer: string, channel: Channel, state: PeerState) => void): () => void
  /**
   * Sums over all peers by name: `consensus_bytes_in` and so on for each channel, `disconnects_CODE` for connections that ended
   * or were refused, `pending_connections`, `CHANNEL_held_back` for the turns in which a peer sent more than was read.
   */
  stats(): Readonly<Record<string, number>>
  /** By how many milliseconds the clock of each connected peer is ahead of this machine's; below zero: behind. */
  clocks(): ReadonlyMap<string, number>
  peerStats(): PeerStats[]
}
