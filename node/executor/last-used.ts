/** Keeps the values that were used last, up to a total of their sizes. */
export class LastUsed<K, V> {
  readonly #sizeMax: number
  readonly #sizeOf: (value: V) => number
  readonly #values = new Map<K, V>()
  #size = 0

  /** @param sizeOf - By default each value counts as 1. */
  constructor(sizeMax: number, sizeOf: (value: V) => number = () => 1) {
    this.#sizeMax = sizeMax
    this.#sizeOf = sizeOf
  }

  get(key: K): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.#remove(key)
    this.#values.set(key, value)
    this.#size += this.#sizeOf(value)
    for (const oldest of this.#values.keys()) {
      if (this.#size <= this.#sizeMax) break
      this.#remove(oldest)
    }
  }

  /** The value of the key, made and kept if it is not there. */
  getOrMake(key: K, make: () => V): V {
    const known = this.get(key)
    if (known !== undefined) return known
    const made = make()
    this.set(key, made)
    return made
  }

  #remove(key: K): void {
    const value = this.#values.get(key)
    if (value === undefined) return
    this.#values.delete(key)
    this.#size -= this.#sizeOf(value)
  }
}
