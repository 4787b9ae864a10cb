import type { TLSSocket } from 'node:tls'
import { NetworkError } from './errors.ts'
import { type FrameKind, FrameReader } from './frames.ts'
import { decodeReason, encodeReason, helloBytesMax } from './hello.ts'
import { decodeWallClock, encodeWallClock } from './peer-clock.ts'
import { SendQueue } from './send-queue.ts'

/** How long a closing connection may take to deliver its last frame. */
const lingerMs = 500
/** A sign of life or a reason is small, so it is the same limit as the hello's. */
const controlBytesMax = helloBytesMax

export interface ConnectionHandlers {
  /** The peer's first frame. Throwing ends the connection with the error's code. */
  hello(content: Uint8Array): void
  message(content: Uint8Array): void
  /** A sign of life told the peer's wall clock, so much ahead of the own one. */
  clock(aheadMs: number): void
  /** Called once. `reason` is a code of errors.ts or what `close` was given. */
  closed(reason: string, byPeer: boolean): void
}

export interface ConnectionSettings {
  /** Whether this node dialled. */
  readonly dialled: boolean
  readonly writeAheadBytesMax: number
  /** What the peer sends may keep this node busy for so long in each turn. */
  readonly busyMsMax: number
  readonly turnMs: number
  /** A monotonic clock. */
  readonly nowMs: () => number
}

/**
 * One authenticated TLS connection: frames in and out. Its owner checks the key before it makes one, and the hello before it
 * trusts a message.
 */
export class Connection {
  /** Whether this node dialled. */
  readonly dialled: boolean
  readonly #nowMs: () => number
  readonly #socket: TLSSocket
  readonly #queue: SendQueue
  readonly #reader = new FrameReader(helloBytesMax)
  readonly #handlers: ConnectionHandlers
  readonly #busyMsMax: number
  readonly #turnMs: number
  #greeted = false
  #paused = false
  #closed = false
  #heardMs: number
  #beatMs: number
  #drainedMs: number
  #sentBytes = 0
  #turnFromMs = 0
  #busyMs = 0
  /** Runs while the peer has used up its turn. */
  #restTimer: NodeJS.Timeout | undefined
  bytesIn = 0
  /** Turns in which the peer sent more than was read at once. */
  heldBack = 0

  constructor(socket: TLSSocket, settings: ConnectionSettings, handlers: ConnectionHandlers) {
    this.#socket = socket
    this.#handlers = handlers
    this.dialled = settings.dialled
    this.#nowMs = settings.nowMs
    this.#busyMsMax = settings.busyMsMax
    this.#turnMs = settings.turnMs
    this.#queue = new SendQueue(socket, settings.writeAheadBytesMax)
    this.#heardMs = this.#nowMs()
    this.#drainedMs = this.#heardMs
    this.#beatMs = this.#heardMs
    socket.setNoDelay(true)
    socket.on('data', (chunk: Uint8Array) => this.#received(chunk))
    socket.on('error', () => this.#ended('NETWORK_CLOSED', true))
    socket.on('close', () => this.#ended('NETWORK_CLOSED', true))
  }

  get isClosed(): boolean {
    return this.#closed
  }

  get queuedBytes(): number {
    return this.#queue.bytes
  }

  get bytesOut(): number {
    return this.#queue.sentBytes
  }

  /** Frames from now on may be as large as a message of the channel. */
  greeted(messageBytesMax: number): void {
    this.#greeted = true
    this.#reader.contentBytesMax = Math.max(messageBytesMax, controlBytesMax)
  }

  send(kind: FrameKind, content: Uint8Array): void {
    if (!this.#closed) this.#queue.add(kind, content)
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#heardMs = this.#nowMs()
    // In a turn of its own: the caller may be inside a listener.
    setImmediate(() => this.#readOn())
  }

  get #stopsReading(): boolean {
    return this.#paused || this.#closed || this.#restTimer !== undefined
  }

  /** What was read together with the last message comes first. */
  #readOn(): void {
    if (!this.#stopsReading) this.#read()
    if (!this.#stopsReading) this.#socket.resume()
  }

  #received(chunk: Uint8Array): void {
    if (this.#closed) return
    this.bytesIn += chunk.length
    this.#heardMs = this.#nowMs()
    this.#reader.push(chunk)
    this.#read()
  }

  #read(): void {
    try {
      while (!this.#stopsReading) {
        const startedMs = this.#nowMs()
        const frame = this.#reader.next()
        if (frame === undefined) return
        this.#take(frame.kind, frame.content)
        this.#spend(startedMs)
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.close(error.code)
    }
  }

  /** Whoever floods this node has only its own turn of it: what it sends beyond waits in its own memory. */
  #spend(startedMs: number): void {
    const now = this.#nowMs()
    if (startedMs - this.#turnFromMs >= this.#turnMs) {
      this.#turnFromMs = startedMs
      this.#busyMs = 0
    }
    this.#busyMs += now - startedMs
    if (this.#busyMs <= this.#busyMsMax || this.#closed) return
    this.heldBack++
    this.#socket.pause()
    const restMs = Math.max(1, this.#turnFromMs + this.#turnMs - now)
    this.#restTimer = setTimeout(() => {
      this.#restTimer = undefined
      this.#heardMs = this.#nowMs()
      this.#readOn()
    }, restMs)
  }

  #take(kind: FrameKind, content: Uint8Array): void {
    if (kind === 'goodbye') {
      this.#ended(decodeReason(content) ?? 'NETWORK_TURNED_AWAY', true)
      this.#socket.destroy()
    } else if (!this.#greeted) {
      if (kind !== 'hello') throw new NetworkError('NETWORK_FRAME_MALFORMED', 'no hello')
      this.#handlers.hello(content)
    } else if (kind === 'message') this.#handlers.message(content)
    else if (kind === 'hello') throw new NetworkError('NETWORK_FRAME_MALFORMED', 'a second hello')
    else this.#handlers.clock(decodeWallClock(content) - Date.now())
  }

  /**
   * Sends a sign of life, and ends the connection if the peer has been silent, or has taken nothing, for too long.
   * A paused connection can't hear, so its silence says nothing; nor does it where this process itself stood still: what came
   * meanwhile is read only after the timers.
   */
  beat(silenceMsMax: number, stalledMsMax: number | undefined): void {
    const now = this.#nowMs()
    if (now - this.#beatMs > silenceMsMax / 2) this.#heardMs = now
    this.#beatMs = now
    const silent = !this.#paused && this.#restTimer === undefined && now - this.#heardMs > silenceMsMax
    if (this.#queue.bytes === 0 || this.#queue.sentBytes > this.#sentBytes) this.#drainedMs = now
    this.#sentBytes = this.#queue.sentBytes
    if (silent) this.close('NETWORK_SILENT')
    else if (stalledMsMax !== undefined && now - this.#drainedMs > stalledMsMax) this.close('NETWORK_STALLED')
    // What waits is a sign of life itself once it arrives.
    else if (this.#queue.bytes === 0) this.sendAlive()
  }

  sendAlive(): void {
    this.send('alive', encodeWallClock(Date.now()))
  }

  /** Ends the connection; the peer is told the reason if it still listens. */
  close(reason: string): void {
    if (this.#closed) return
    const socket = this.#socket
    this.#queue.clear()
    this.#queue.add('goodbye', encodeReason(reason))
    process.nextTick(() => socket.end())
    setTimeout(() => socket.destroy(), lingerMs).unref()
    // Nothing more is read, but reading must go on for the peer's end to be seen.
    socket.resume()
    this.#ended(reason, false)
  }

  #ended(reason: string, byPeer: boolean): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#restTimer)
    this.#handlers.closed(reason, byPeer)
  }
}
