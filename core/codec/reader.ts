import { CodecError } from './errors.ts'

/** Reads what `Writer` wrote. Slices are copies, so a decoded value never keeps the input buffer alive. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    // A plain array over the same memory: the slice of a Buffer would be no copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true)
  }

  /** The next bytes without a copy: valid as long as the input. */
  view(count: number): Uint8Array {
    const at = this.#advance(count)
    return this.#bytes.subarray(at, at + count)
  }

  /** Passes over the next bytes. @returns the offset at which they stand in the input. */
  skip(count: number): number {
    return this.#advance(count)
  }

  bytes(count: number): Uint8Array<ArrayBuffer> {
    const at = this.#advance(count)
    return this.#bytes.slice(at, at + count) as Uint8Array<ArrayBuffer>
  }

  #advance(count: number): number {
    const at = this.#offset
    if (count > this.#bytes.length - at) {
      throw new CodecError(
        'CODEC_TOO_SHORT',
        '',
        `${count} bytes wanted at offset ${at}, ${this.#bytes.length - at} left`,
      )
    }
    this.#offset = at + count
    return at
  }
}
