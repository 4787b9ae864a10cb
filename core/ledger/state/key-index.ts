const none = -1
/** A third of the places stays free, so that probing is short. */
const fillMax = 2 / 3
const capacityAtFirst = 64

/**
 * Numbers of entries by the hash of their keys: open addressing with linear probing. Whoever owns the entries compares the
 * keys and says again what an entry's hash is.
 */
export class KeyIndex {
  #places = new Int32Array(capacityAtFirst).fill(none)
  #count = 0
  readonly #hashOf: (entry: number) => number

  constructor(hashOf: (entry: number) => number) {
    this.#hashOf = hashOf
  }

  /** Makes room for so many entries at once. */
  reserve(entries: number): void {
    let capacity = this.#places.length
    while (entries > capacity * fillMax) capacity *= 2
    if (capacity > this.#places.length) this.#resize(capacity)
  }

  /** The first place to look at for a hash. */
  first(hash: number): number {
    return hash & (this.#places.length - 1)
  }

  next(place: number): number {
    return (place + 1) & (this.#places.length - 1)
  }

  /** The entry at a place; negative where the chain of places ends. */
  at(place: number): number {
    return this.#places[place]!
  }

  /** Adds an entry that is not there. */
  add(hash: number, entry: number): void {
    this.reserve(this.#count + 1)
    this.#put(hash, entry)
    this.#count++
  }

  remove(hash: number, entry: number): void {
    let hole = this.first(hash)
    while (this.#places[hole] !== entry) hole = this.next(hole)
    // What follows in the chain moves up, unless it would leave the part of the chain that its own hash begins.
    for (let place = this.next(hole); this.#places[place] !== none; place = this.next(place)) {
      const moved = this.#places[place]!
      const home = this.first(this.#hashOf(moved))
      const mask = this.#places.length - 1
      if (((place - home) & mask) < ((place - hole) & mask)) continue
      this.#places[hole] = moved
      hole = place
    }
    this.#places[hole] = none
    this.#count--
  }

  #put(hash: number, entry: number): void {
    let place = this.first(hash)
    while (this.#places[place] !== none) place = this.next(place)
    this.#places[place] = entry
  }

  #resize(capacity: number): void {
    const old = this.#places
    this.#places = new Int32Array(capacity).fill(none)
    for (const entry of old) if (entry !== none) this.#put(this.#hashOf(entry), entry)
  }
}

/**
 * Mixes the parts of a key that tell it apart: ids are hashes already, so their first bytes do.
 * @param length - Of the whole key; its first byte is the kind.
 */
export function hashOfKey(bytes: Uint8Array, at: number, length: number): number {
  let hash = length
  const words = length > 33 ? 8 : length > 16 ? 4 : 0
  if (words === 0) {
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[at + i]!, 0x9e3779b1)
  } else {
    hash = mixWords(hash, bytes, at + 1, 4)
    if (words === 8) hash = mixWords(hash, bytes, at + 33, length >= 49 ? 4 : 2)
  }
  return (hash ^ (hash >>> 15)) | 0
}

/** The same for a key of one id or two. @param secondAt - Negative for a key of one. */
export function mixIds(length: number, first: DataView, firstAt: number, second: DataView, secondAt: number): number {
  let hash = length
  for (let i = 0; i < 16; i += 4) hash = mixWord(hash, first.getInt32(firstAt + i, true))
  if (secondAt >= 0) for (let i = 0; i < 16; i += 4) hash = mixWord(hash, second.getInt32(secondAt + i, true))
  return (hash ^ (hash >>> 15)) | 0
}

function mixWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

function mixWords(seed: number, bytes: Uint8Array, at: number, words: number): number {
  let hash = seed
  for (let i = at; i < at + 4 * words; i += 4) {
    hash = mixWord(hash, bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
  }
  return hash
}
