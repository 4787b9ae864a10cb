const encoder = new TextEncoder()
const utf8BytesMax = 3

/** A growing byte buffer. Integers are written little-endian at a fixed width. */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView<ArrayBuffer>
  #length = 0

  constructor(capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get length(): number {
    return this.#length
  }

  u8(value: number): void {
    const at = this.#advance(1)
    this.#view.setUint8(at, value)
  }

  u16(value: number): void {
    const at = this.#advance(2)
    this.#view.setUint16(at, value, true)
  }

  u32(value: number): void {
    const at = this.#advance(4)
    this.#view.setUint32(at, value, true)
  }

  u64(value: bigint): void {
    const at = this.#advance(8)
    this.#view.setBigUint64(at, value, true)
  }

  f64(value: number): void {
    const at = this.#advance(8)
    this.#view.setFloat64(at, value, true)
  }

  bytes(value: Uint8Array): void {
    const at = this.#advance(value.length)
    this.#bytes.set(value, at)
  }

  /** UTF-8 behind its length (u32); half a pair becomes U+FFFD. @returns the length in bytes. */
  text(value: string): number {
    const at = this.#advance(4 + utf8BytesMax * value.length)
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(at + 4))
    this.#view.setUint32(at, written, true)
    this.#length = at + 4 + written
    return written
  }

  /** The bytes written so far, as a copy that later writes don't touch. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  /** The same without a copy: valid until the next write or `reset`. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Starts anew in the same buffer, unless it has grown beyond what is worth keeping. */
  reset(capacityBytesKept: number): void {
    this.#length = 0
    if (this.#bytes.length <= capacityBytesKept) return
    this.#bytes = new Uint8Array(capacityBytesKept)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** May replace the buffer, so callers look it up only afterwards. */
  #advance(count: number): number {
    const at = this.#length
    this.#length = at + count
    if (this.#length > this.#bytes.length) this.#grow()
    return at
  }

  #grow(): void {
    const bytes = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
    bytes.set(this.#bytes)
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
