import { NetworkError } from './errors.ts'

/** What a frame holds: its first byte. */
export const frameKinds = { hello: 1, message: 2, alive: 3, goodbye: 4 } as const
export type FrameKind = keyof typeof frameKinds

const kinds = new Map<number, FrameKind>(Object.entries(frameKinds).map(([kind, byte]) => [byte, kind as FrameKind]))

/** Length (u32, of what follows) and kind. */
export const frameHeaderBytes = 5

export function frameHeader(kind: FrameKind, contentBytes: number): Uint8Array {
  const header = new Uint8Array(frameHeaderBytes)
  new DataView(header.buffer).setUint32(0, contentBytes + 1, true)
  header[4] = frameKinds[kind]
  return header
}

export interface Frame {
  readonly kind: FrameKind
  /** A copy of its own. */
  readonly content: Uint8Array
}

const nothing = new Uint8Array(0)

/** Cuts the stream of one connection into frames. Holds at most one unfinished frame and what was read with it. */
export class FrameReader {
  /** Unread bytes are those from `#from` to `#to`. */
  #buffer: Uint8Array = nothing
  #from = 0
  #to = 0
  /** The buffer was made here, so that it may be written to. */
  #own = false
  /** Raised once the peer has said hello. */
  contentBytesMax: number

  constructor(contentBytesMax: number) {
    this.contentBytesMax = contentBytesMax
  }

  push(chunk: Uint8Array): void {
    const unread = this.#to - this.#from
    if (unread === 0) {
      this.#buffer = chunk
      this.#from = 0
      this.#to = chunk.length
      this.#own = false
      return
    }
    if (!this.#own || this.#to + chunk.length > this.#buffer.length) {
      // Doubling keeps the copying in proportion to the bytes, however small the pieces come.
      const larger = new Uint8Array(Math.max(unread + chunk.length, 2 * unread))
      larger.set(this.#buffer.subarray(this.#from, this.#to))
      this.#buffer = larger
      this.#from = 0
      this.#to = unread
      this.#own = true
    }
    this.#buffer.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /**
   * The next whole frame.
   * @throws {NetworkError} `NETWORK_FRAME_TOO_LARGE` as soon as its length is known, `NETWORK_FRAME_MALFORMED`.
   */
  next(): Frame | undefined {
    if (this.#to - this.#from < frameHeaderBytes) return undefined
    const view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset + this.#from, frameHeaderBytes)
    const length = view.getUint32(0, true)
    const kind = kinds.get(view.getUint8(4))
    if (length === 0 || kind === undefined) throw new NetworkError('NETWORK_FRAME_MALFORMED')
    if (length - 1 > this.contentBytesMax) {
      throw new NetworkError('NETWORK_FRAME_TOO_LARGE', `${length - 1} bytes, at most ${this.contentBytesMax}`)
    }
    const end = this.#from + 4 + length
    if (end > this.#to) return undefined
    const content = new Uint8Array(this.#buffer.subarray(this.#from + frameHeaderBytes, end))
    this.#from = end
    if (this.#from === this.#to) {
      this.#buffer = nothing
      this.#from = 0
      this.#to = 0
    }
    return { kind, content }
  }
}
