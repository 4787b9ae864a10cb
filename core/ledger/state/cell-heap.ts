/** Cells are whole multiples of this, so that an address of 32 bits reaches 32 GiB. */
const unitBytes = 16
const unitBits = 4
/** A chunk holds whole cells; a longer one could not be found by shifting its address. */
const chunkUnitBits = 16
const chunkUnits = 1 << chunkUnitBits
const chunkBytes = chunkUnits * unitBytes
const chunkMask = chunkUnits - 1

/**
 * Byte strings of many lengths in few large arrays, since an array object for each would cost more than what is in it, and
 * the garbage collector's time besides. An address is the cell's first unit; 0 is no cell.
 */
export class CellHeap {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  readonly #views: DataView<ArrayBuffer>[] = []
  readonly #words: Int32Array<ArrayBuffer>[] = []
  /** Freed cells by their length in units. */
  readonly #free = new Map<number, number[]>()
  /** The next unit that was never used; address 0 stays unused. */
  #next = 1
  #usedUnits = 0

  /** Bytes in cells that live. */
  get usedBytes(): number {
    return this.#usedUnits * unitBytes
  }

  allocate(bytes: number): number {
    const units = unitsOf(bytes)
    this.#usedUnits += units
    const freed = this.#free.get(units)
    if (freed !== undefined && freed.length > 0) return freed.pop()!
    if ((this.#next & chunkMask) + units > chunkUnits) this.#next = (this.#next | chunkMask) + 1
    const address = this.#next
    if (address >>> chunkUnitBits >= this.#chunks.length) {
      const chunk = new Uint8Array(chunkBytes)
      this.#chunks.push(chunk)
      this.#views.push(new DataView(chunk.buffer))
      this.#words.push(new Int32Array(chunk.buffer))
    }
    this.#next += units
    return address
  }

  /** @param bytes - The length that it was allocated with. */
  release(address: number, bytes: number): void {
    const units = unitsOf(bytes)
    this.#usedUnits -= units
    const freed = this.#free.get(units)
    if (freed === undefined) this.#free.set(units, [address])
    else freed.push(address)
  }

  /** Whether a cell of one length has room for the other. */
  static sameSize(bytes: number, other: number): boolean {
    return unitsOf(bytes) === unitsOf(other)
  }

  /** The array that a cell lies in, from `offsetOf` on. */
  chunkOf(address: number): Uint8Array<ArrayBuffer> {
    return this.#chunks[address >>> chunkUnitBits]!
  }

  viewOf(address: number): DataView<ArrayBuffer> {
    return this.#views[address >>> chunkUnitBits]!
  }

  /** The array that a cell lies in by words, from `wordOf` on. */
  wordsOf(address: number): Int32Array<ArrayBuffer> {
    return this.#words[address >>> chunkUnitBits]!
  }

  wordOf(address: number): number {
    return (address & chunkMask) << (unitBits - 2)
  }

  /** Copies a cell's content into another of the same length. */
  copy(from: number, into: number, bytes: number): void {
    const source = this.wordsOf(from)
    const target = this.wordsOf(into)
    const sourceAt = this.wordOf(from)
    const targetAt = this.wordOf(into)
    const words = unitsOf(bytes) << (unitBits - 2)
    for (let i = 0; i < words; i++) target[targetAt + i] = source[sourceAt + i]!
  }

  offsetOf(address: number): number {
    return (address & chunkMask) << unitBits
  }
}

function unitsOf(bytes: number): number {
  return (bytes + unitBytes - 1) >>> unitBits
}
