import type { Writable } from 'node:stream'
import { type FrameKind, frameHeader, frameHeaderBytes } from './frames.ts'

/** Frames up to this size are joined; larger ones are written as they are. */
const joinedBytesMax = 64 * 1_024

/**
 * What waits for one peer. Frames queued in one turn of the event loop are written together; beyond `writeAheadBytesMax` in the
 * socket, the rest waits here, so that what waits can be counted and bounded.
 */
export class SendQueue {
  readonly #socket: Writable
  readonly #writeAheadBytesMax: number
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #scheduled = false
  /** All bytes handed to the socket so far. */
  #written = 0

  constructor(socket: Writable, writeAheadBytesMax: number) {
    this.#socket = socket
    this.#writeAheadBytesMax = writeAheadBytesMax
    socket.on('drain', () => this.#flush())
  }

  /** Bytes that the peer's system has not taken yet. */
  get bytes(): number {
    return this.#waitingBytes + this.#socket.writableLength
  }

  /** Bytes that have left for good; it stands still while the peer takes nothing. */
  get sentBytes(): number {
    return this.#written - this.#socket.writableLength
  }

  add(kind: FrameKind, content: Uint8Array): void {
    this.#waiting.push(frameHeader(kind, content.length), content)
    this.#waitingBytes += frameHeaderBytes + content.length
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    const socket = this.#socket
    let sent = 0
    while (sent < this.#waiting.length && socket.writable && socket.writableLength < this.#writeAheadBytesMax) {
      const joined: Uint8Array[] = []
      let bytes = 0
      do {
        const part = this.#waiting[sent++]!
        joined.push(part)
        bytes += part.length
      } while (sent < this.#waiting.length && bytes + this.#waiting[sent]!.length <= joinedBytesMax)
      this.#waitingBytes -= bytes
      this.#written += bytes
      socket.write(joined.length === 1 ? joined[0]! : Buffer.concat(joined, bytes))
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent)
  }

  clear(): void {
    this.#waiting = []
    this.#waitingBytes = 0
  }
}
