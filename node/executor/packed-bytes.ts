const largest28 = 2 ** 28

/** A growing buffer of bytes and of whole numbers below 2^53, written in as few bytes as they need, seven bits each. */
export class PackedWriter {
  bytes: Uint8Array<ArrayBuffer>
  length = 0

  constructor(capacityBytes = 65_536) {
    this.bytes = new Uint8Array(capacityBytes)
  }

  /** Makes room, and moves on by as many bytes. @returns where they begin in `bytes`. */
  skip(count: number): number {
    const at = this.length
    this.length += count
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.bytes.length))
      grown.set(this.bytes.subarray(0, at))
      this.bytes = grown
    }
    return at
  }

  byte(value: number): void {
    this.bytes[this.skip(1)] = value
  }

  set(value: Uint8Array): void {
    const at = this.skip(value.length)
    this.bytes.set(value, at)
  }

  number(value: number): void {
    if (this.length + 8 > this.bytes.length) this.length = this.skip(8)
    let rest = value
    while (rest >= largest28) {
      this.bytes[this.length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  /** Behind the length. */
  sized(value: Uint8Array): void {
    this.number(value.length)
    this.set(value)
  }

  view(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }
}

/** The bytes end before the value does. */
export class PackedEnd extends Error {
  override readonly name = 'PackedEnd'
}

/** Reads what `PackedWriter` wrote. @throws {PackedEnd} where more is asked for than there is. */
export class PackedReader {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  byte(): number {
    if (this.at >= this.#bytes.length) throw new PackedEnd(`at byte ${this.at}`)
    return this.#bytes[this.at++]!
  }

  number(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte()
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.#bytes.length) throw new PackedEnd(`at byte ${this.at}`)
    this.at += count
    return this.#bytes.subarray(this.at - count, this.at)
  }

  sized(): Uint8Array {
    return this.take(this.number())
  }
}
