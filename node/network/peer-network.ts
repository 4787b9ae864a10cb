import type { TLSSocket } from 'node:tls'
import { compareBytes, toHex } from '@tallystick/core/codec'
import { createIdentity, type Identity } from './certificate.ts'
import { nodeChannels } from './channels.ts'
import { Connection } from './connection.ts'
import { dial } from './dial.ts'
import { codeOfReason, NetworkError } from './errors.ts'
import { decodeHello, encodeHello } from './hello.ts'
import { defaultLimits, type NetworkLimits } from './limits.ts'
import { Listener, type Pending } from './listener.ts'
import type {
  Channel,
  ChannelOptions,
  PeerAddress,
  PeerNetwork,
  PeerNetworkOptions,
  PeerState,
  PeerStats,
} from './options.ts'
import { PeerClock } from './peer-clock.ts'
import { PeerLink } from './peer-link.ts'

type MessageListener = (peer: string, message: Uint8Array) => void
type PeerListener = (peer: string, channel: Channel, state: PeerState) => void

interface KnownPeer {
  readonly key: string
  readonly address: PeerAddress
  readonly links: Map<Channel, PeerLink>
  readonly clock: PeerClock
  /** Neither dialled nor let in before this time. */
  refusedUntilMs: number
  /** Why the last dial failed, so that the log has each reason once. */
  trouble: string | undefined
}

/** Unknown keys that are named in the log, each once. */
const strangersMax = 100

class TlsPeerNetwork implements PeerNetwork {
  readonly #options: PeerNetworkOptions
  readonly #limits: NetworkLimits
  readonly #identity: Identity
  readonly #listener: Listener
  readonly #channels: readonly ChannelOptions[]
  readonly #peers = new Map<string, KnownPeer>()
  /** Connections whose other end has not said hello. */
  readonly #greeting = new Set<Connection>()
  readonly #messageListeners = new Map<Channel, Set<MessageListener>>()
  readonly #peerListeners = new Set<PeerListener>()
  readonly #disconnects = new Map<string, number>()
  readonly #strangers = new Set<string>()
  readonly #stopping = new AbortController()
  readonly #nowMs = (): number => performance.now()
  #address: { host: string; port: number } | undefined
  #heartbeat: NodeJS.Timeout | undefined

  constructor(options: PeerNetworkOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#channels = options.channels ?? nodeChannels
    this.#identity = createIdentity(options.nodeKeySeed)
    for (const { name } of this.#channels) this.#messageListeners.set(name, new Set())
    for (const peer of options.peers) this.#know(peer)
    this.#listener = new Listener(this.#identity, this.#limits, {
      authenticated: (pending) => this.#admit(pending),
      refused: (code, address) => this.#refuse(code, address),
    })
  }

  #know(address: PeerAddress): void {
    const order = compareBytes(this.#identity.publicKey, address.nodeKey)
    if (order === 0) return
    const peer: KnownPeer = {
      key: toHex(address.nodeKey),
      address,
      links: new Map(),
      clock: new PeerClock(),
      refusedUntilMs: 0,
      trouble: undefined,
    }
    for (const channel of this.#channels) {
      const link: PeerLink = new PeerLink(channel, order < 0, this.#limits, {
        message: (content) => {
          for (const listener of this.#messageListeners.get(channel.name)!) listener(peer.key, content)
        },
        state: (state, reason) => {
          peer.trouble = undefined
          if (state === 'disconnected') peer.clock.reset()
          this.#log(`peer ${address.name}: ${channel.name} ${state}${reason === '' ? '' : ` (${reason})`}`)
          for (const listener of this.#peerListeners) listener(peer.key, channel.name, state)
        },
        dial: () => this.#dial(peer, link),
        dialDelayMs: () => Math.max(0, peer.refusedUntilMs - this.#nowMs()),
      })
      peer.links.set(channel.name, link)
    }
    this.#peers.set(peer.key, peer)
  }

  #log(line: string): void {
    this.#options.log?.(line)
  }

  #count(reason: string): void {
    this.#disconnects.set(reason, (this.#disconnects.get(reason) ?? 0) + 1)
  }

  #refuse(code: string, cause: string): void {
    this.#count(code)
    this.#options.onRefused?.(code, cause)
  }

  /**
   * Makes a connection that waits for the other end's hello.
   * @param hello - Says which link the connection now is of, or throws the reason to end it.
   * @param settled - Called once: it is a link's connection, or it has ended.
   */
  #greet(
    peer: KnownPeer,
    socket: TLSSocket,
    dialled: boolean,
    hello: (connection: Connection, content: Uint8Array) => PeerLink,
    settled: () => void,
  ): Connection {
    let link: PeerLink | undefined
    const { writeAheadBytesMax, busyMsMax, turnMs } = this.#limits
    const address = socket.remoteAddress ?? ''
    const connection: Connection = new Connection(
      socket,
      { dialled, writeAheadBytesMax, busyMsMax, turnMs, nowMs: this.#nowMs },
      {
        hello: (content) => {
          link = hello(connection, content)
          this.#greeting.delete(connection)
          connection.greeted(link.channel.messageBytesMax)
          settled()
          link.announce()
        },
        message: (content) => link!.received(content),
        clock: (aheadMs) => peer.clock.note(aheadMs),
        closed: (reason) => {
          this.#greeting.delete(connection)
          if (link === undefined && !dialled) this.#refuse(reason, address)
          else this.#count(reason)
          settled()
          link?.lost(connection, reason)
        },
      },
    )
    this.#greeting.add(connection)
    return connection
  }

  /** Someone connected who holds this key. */
  #admit({ socket, key, settled }: Pending): void {
    const peer = this.#peers.get(toHex(key))
    if (peer === undefined) {
      this.#noteStranger(toHex(key))
      throw new NetworkError('NETWORK_UNKNOWN_KEY')
    }
    const { ledger, nodeVersion } = this.#options
    const hello = (connection: Connection, content: Uint8Array): PeerLink => {
      const { channel } = decodeHello(content, ledger)
      if (this.#nowMs() < peer.refusedUntilMs) throw new NetworkError('NETWORK_REFUSED')
      const link = peer.links.get(channel)
      if (link === undefined) throw new NetworkError('NETWORK_WRONG_CHANNEL')
      if (!link.adopt(connection)) throw new NetworkError('NETWORK_DUPLICATE')
      connection.send('hello', encodeHello(ledger, { channel, nodeVersion }))
      return link
    }
    this.#greet(peer, socket, false, hello, settled)
  }

  #noteStranger(key: string): void {
    if (this.#strangers.has(key) || this.#strangers.size >= strangersMax) return
    this.#strangers.add(key)
    this.#log(`refused a connection from the unknown node key ${key} (NETWORK_UNKNOWN_KEY)`)
  }

  /** Resolves when the peer has answered the hello, or nothing came of it. */
  async #dial(peer: KnownPeer, link: PeerLink): Promise<void> {
    const { ledger, nodeVersion } = this.#options
    const channel = link.channel.name
    let socket: TLSSocket
    try {
      socket = await dial(peer.address, this.#identity, this.#limits.handshakeMs, this.#stopping.signal)
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.#count(error.code)
      if (peer.trouble !== error.code) this.#log(`peer ${peer.address.name}: not reached (${error.code})`)
      peer.trouble = error.code
      return
    }
    const hello = (connection: Connection, content: Uint8Array): PeerLink => {
      if (decodeHello(content, ledger).channel !== channel) throw new NetworkError('NETWORK_WRONG_CHANNEL')
      if (!link.adopt(connection)) throw new NetworkError('NETWORK_DUPLICATE')
      return link
    }
    await new Promise<void>((resolve) => {
      const connection = this.#greet(peer, socket, true, hello, () => {
        clearTimeout(timer)
        resolve()
      })
      const timer = setTimeout(() => connection.close('NETWORK_HANDSHAKE_TIMEOUT'), this.#limits.handshakeMs)
      connection.send('hello', encodeHello(ledger, { channel, nodeVersion }))
    })
  }

  async start(): Promise<void> {
    const { host, port } = this.#options.listen
    const listening = await this.#listener.listen(host, port)
    this.#address = { host, port: listening.port }
    this.#heartbeat = setInterval(() => {
      for (const link of this.#links()) link.beat()
    }, this.#limits.pingMs)
    for (const link of this.#links()) link.dialSoon()
  }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat)
    this.#stopping.abort()
    for (const link of this.#links()) link.stop()
    for (const connection of this.#greeting) connection.close('NETWORK_STOPPED')
    await this.#listener.close()
  }

  get address(): { readonly host: string; readonly port: number } {
    if (this.#address === undefined) throw new Error('the network was not started')
    return this.#address
  }

  *#links(channel?: Channel): Generator<PeerLink> {
    for (const { links } of this.#peers.values()) {
      for (const link of links.values()) if (channel === undefined || link.channel.name === channel) yield link
    }
  }

  #link(peer: string, channel: Channel): PeerLink {
    const link = this.#peers.get(peer)?.links.get(channel)
    if (link === undefined) throw new RangeError(`no peer ${peer} with a channel ${channel}`)
    return link
  }

  send(peer: string, channel: Channel, message: Uint8Array): boolean {
    return this.#link(peer, channel).send(message)
  }

  broadcast(channel: Channel, message: Uint8Array): void {
    for (const link of this.#links(channel)) link.send(message)
  }

  connected(channel: Channel): string[] {
    return [...this.#peers.values()].filter(({ links }) => links.get(channel)?.connected).map(({ key }) => key)
  }

  disconnect(peer: string, reason: string): void {
    const known = this.#peers.get(peer)
    if (known === undefined) throw new RangeError(`no peer ${peer}`)
    known.refusedUntilMs = this.#nowMs() + this.#limits.refusalMs
    const code = codeOfReason(reason)
    this.#log(
      `peer ${known.address.name}: disconnected and refused for a while (${code}${code === reason ? '' : `: ${reason}`})`,
    )
    for (const link of known.links.values()) link.close(code)
  }

  pause(peer: string, channel: Channel): void {
    this.#link(peer, channel).pause()
  }

  resume(peer: string, channel: Channel): void {
    this.#link(peer, channel).resume()
  }

  onMessage(channel: Channel, listener: MessageListener): () => void {
    const listeners = this.#messageListeners.get(channel)
    if (listeners === undefined) throw new RangeError(`no channel ${channel}`)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  onPeer(listener: PeerListener): () => void {
    this.#peerListeners.add(listener)
    return () => void this.#peerListeners.delete(listener)
  }

  stats(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = { pending_connections: this.#listener.pendingCount }
    const add = (name: string, value: number): void => {
      sums[name] = (sums[name] ?? 0) + value
    }
    for (const link of this.#links()) {
      const { name } = link.channel
      const stats = link.stats()
      add(`${name}_connected`, stats.connected ? 1 : 0)
      add(`${name}_connections`, stats.connections)
      add(`${name}_bytes_in`, stats.bytesIn)
      add(`${name}_bytes_out`, stats.bytesOut)
      add(`${name}_messages_in`, stats.messagesIn)
      add(`${name}_messages_out`, stats.messagesOut)
      add(`${name}_dropped`, stats.dropped)
      add(`${name}_queued_bytes`, stats.queuedBytes)
      add(`${name}_held_back`, stats.heldBack)
    }
    for (const [reason, count] of this.#disconnects) add(`disconnects_${reason}`, count)
    return sums
  }

  clocks(): ReadonlyMap<string, number> {
    const known = new Map<string, number>()
    for (const { key, clock } of this.#peers.values()) if (clock.aheadMs !== undefined) known.set(key, clock.aheadMs)
    return known
  }

  peerStats(): PeerStats[] {
    return [...this.#peers.values()].map(({ key, address, links }) => ({
      key,
      name: address.name,
      channels: Object.fromEntries([...links].map(([name, link]) => [name, link.stats()])),
    }))
  }
}

/** Makes the network of a node; it does nothing before `start`. */
export function createPeerNetwork(options: PeerNetworkOptions): PeerNetwork {
  return new TlsPeerNetwork(options)
}
