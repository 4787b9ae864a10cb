import type { Connection } from './connection.ts'
import { frameHeaderBytes } from './frames.ts'
import type { NetworkLimits } from './limits.ts'
import type { ChannelOptions, ChannelStats, PeerState } from './options.ts'

/** What a link needs of a connection. */
export type LinkConnection = Pick<
  Connection,
  | 'dialled'
  | 'send'
  | 'sendAlive'
  | 'close'
  | 'pause'
  | 'resume'
  | 'beat'
  | 'bytesIn'
  | 'bytesOut'
  | 'queuedBytes'
  | 'heldBack'
>

export interface PeerLinkHandlers {
  message(content: Uint8Array): void
  state(state: PeerState, reason: string): void
  /** Dials, and gives what comes of it to `adopt`. Resolves when that is done, or nothing came of it. */
  dial(): Promise<void>
  /** How long to wait in any case. */
  dialDelayMs(): number
}

/** One channel to one peer: at most one connection, which is dialled again whenever it is lost. */
export class PeerLink {
  readonly channel: ChannelOptions
  readonly #limits: NetworkLimits
  readonly #handlers: PeerLinkHandlers
  /** This node's key is the smaller one of the two. */
  readonly #smaller: boolean
  readonly #totals = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0, dropped: 0, connections: 0, heldBack: 0 }
  #connection: LinkConnection | undefined
  #paused = false
  #stopped = false
  #dialling = false
  #attempts = 0
  #timer: NodeJS.Timeout | undefined

  constructor(channel: ChannelOptions, smaller: boolean, limits: NetworkLimits, handlers: PeerLinkHandlers) {
    this.channel = channel
    this.#smaller = smaller
    this.#limits = limits
    this.#handlers = handlers
  }

  get connected(): boolean {
    return this.#connection !== undefined
  }

  /**
   * Dials after a delay, unless a connection is there or under way. The node with the smaller key goes first; the other one waits for
   * it a while, and dials too if it does not come: perhaps only one of the two can be reached.
   */
  dialSoon(): void {
    if (this.#stopped || this.#dialling || this.#timer !== undefined || this.connected) return
    const { redialMs, redialMsMax, dialTurnMs } = this.#limits
    const backOff = this.#attempts === 0 ? 0 : Math.min(redialMs * 2 ** Math.min(this.#attempts - 1, 20), redialMsMax)
    const turn = this.#smaller ? 0 : dialTurnMs
    const jitter = 0.5 + Math.random() / 2
    this.#timer = setTimeout(() => this.#dial(), Math.max(turn + backOff * jitter, this.#handlers.dialDelayMs()))
  }

  #dial(): void {
    this.#timer = undefined
    if (this.#stopped || this.connected) return
    this.#dialling = true
    this.#attempts++
    void this.#handlers.dial().then(() => {
      this.#dialling = false
      this.dialSoon()
    })
  }

  /**
   * Takes a connection whose other end has said hello, unless there is a better one. Of two, the one that the smaller key dialled
   * wins, which both ends see alike; of two by the same side the newer one, since that side has lost the older.
   */
  adopt(connection: LinkConnection): boolean {
    const current = this.#connection
    if (current !== undefined) {
      const preferred = ({ dialled }: LinkConnection): boolean => dialled === this.#smaller
      if (preferred(current) && !preferred(connection)) {
        // The peer has perhaps lost this one: writing to it shows that soon.
        current.sendAlive()
        return false
      }
      current.close('NETWORK_DUPLICATE')
    }
    if (this.#stopped) return false
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#attempts = 0
    this.#connection = connection
    this.#totals.connections++
    if (this.#paused) connection.pause()
    return true
  }

  /** Tells that the connection is up; after the own hello was queued. */
  announce(): void {
    this.#handlers.state('connected', '')
  }

  received(content: Uint8Array): void {
    this.#totals.messagesIn++
    this.#handlers.message(content)
  }

  /** A connection ended, this link's own or one that was never adopted. */
  lost(connection: LinkConnection, reason: string): void {
    this.#totals.bytesIn += connection.bytesIn
    this.#totals.bytesOut += connection.bytesOut
    this.#totals.heldBack += connection.heldBack
    if (this.#connection !== connection) return
    this.#connection = undefined
    this.#handlers.state('disconnected', reason)
    this.dialSoon()
  }

  send(message: Uint8Array): boolean {
    const connection = this.#connection
    if (connection === undefined) return false
    if (message.length > this.channel.messageBytesMax) {
      throw new RangeError(`a message of ${message.length} bytes, at most ${this.channel.messageBytesMax}`)
    }
    if (connection.queuedBytes + frameHeaderBytes + message.length > this.channel.queueBytesMax) {
      this.#totals.dropped++
      return false
    }
    this.#totals.messagesOut++
    connection.send('message', message)
    return true
  }

  pause(): void {
    this.#paused = true
    this.#connection?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#connection?.resume()
  }

  beat(): void {
    this.#connection?.beat(this.#limits.silenceMsMax, this.channel.stalledMsMax)
  }

  close(reason: string): void {
    this.#connection?.close(reason)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.close('NETWORK_STOPPED')
  }

  stats(): ChannelStats {
    const current = this.#connection
    return {
      ...this.#totals,
      bytesIn: this.#totals.bytesIn + (current?.bytesIn ?? 0),
      bytesOut: this.#totals.bytesOut + (current?.bytesOut ?? 0),
      heldBack: this.#totals.heldBack + (current?.heldBack ?? 0),
      connected: current !== undefined,
      queuedBytes: current?.queuedBytes ?? 0,
    }
  }
}
