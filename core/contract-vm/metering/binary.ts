import { MeteringError } from './errors.ts'

/** Reads the binary form of WebAssembly (WebAssembly Core Specification 2.0, chapter 5). */
export class BinaryReader {
  readonly bytes: Uint8Array
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.at >= this.end
  }

  u8(): number {
    if (this.at >= this.end) throw new MeteringError('WASM_MALFORMED', `it ends at byte ${this.at}`)
    return this.bytes[this.at++]!
  }

  /** An unsigned integer of at most 32 bits, in LEB128. */
  u32(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new MeteringError('WASM_MALFORMED', `an integer of too many bytes before byte ${this.at}`)
  }

  /** Passes over an integer in LEB128, of any width. */
  skipInteger(): void {
    while (this.u8() >= 0x80);
  }

  skip(count: number): void {
    this.at += count
    if (this.at > this.end) throw new MeteringError('WASM_MALFORMED', `it ends at byte ${this.end}`)
  }

  take(count: number): Uint8Array {
    const from = this.at
    this.skip(count)
    return this.bytes.subarray(from, from + count)
  }
}

/** Collects pieces of a module. */
export class BinaryWriter {
  #bytes = new Uint8Array(4_096)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(...values: readonly number[]): void {
    this.#reserve(values.length)
    for (const value of values) this.#bytes[this.#length++] = value
  }

  u32(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80)
      rest = Math.floor(rest / 128)
    }
    this.u8(rest)
  }

  /** A signed integer in LEB128, such as the operand of `i32.const`. */
  signed(value: number): void {
    let rest = value
    for (;;) {
      const byte = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
        this.u8(byte)
        return
      }
      this.u8(byte | 0x80)
    }
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  name(text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.u32(bytes.length)
    this.raw(bytes)
  }

  /** With its length before it. */
  sized(content: BinaryWriter): void {
    this.u32(content.length)
    this.raw(content.view())
  }

  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
