/** Keys in one list; when it grows beyond, it is split. */
const bucketMax = 512

/** The keys of one storage's rows, sorted as their UTF-8 bytes are, in lists of bounded length. */
class SortedKeys {
  readonly #buckets: string[][] = [[]]

  get isEmpty(): boolean {
    return this.#buckets.length === 1 && this.#buckets[0]!.length === 0
  }

  add(key: string): void {
    const place = this.#bucketOf(key)
    const bucket = this.#buckets[place]!
    bucket.splice(lowerBound(bucket, key), 0, key)
    if (bucket.length > bucketMax) this.#buckets.splice(place + 1, 0, bucket.splice(bucket.length >> 1))
  }

  remove(key: string): void {
    const place = this.#bucketOf(key)
    const bucket = this.#buckets[place]!
    const at = lowerBound(bucket, key)
    if (bucket[at] === key) bucket.splice(at, 1)
    if (bucket.length === 0 && this.#buckets.length > 1) this.#buckets.splice(place, 1)
  }

  /** Keys at or after `from`, in rising order. */
  *after(from: string): Generator<string> {
    let place = this.#bucketOf(from)
    let at = lowerBound(this.#buckets[place]!, from)
    for (; place < this.#buckets.length; place++, at = 0) {
      const bucket = this.#buckets[place]!
      for (; at < bucket.length; at++) yield bucket[at]!
    }
  }

  /** Keys before `to`, in falling order; all if there is none. */
  *before(to: string | undefined): Generator<string> {
    let place = to === undefined ? this.#buckets.length - 1 : this.#bucketOf(to)
    let at = to === undefined ? this.#buckets[place]!.length : lowerBound(this.#buckets[place]!, to)
    for (;;) {
      const bucket = this.#buckets[place]!
      while (at > 0) yield bucket[--at]!
      if (place === 0) return
      at = this.#buckets[--place]!.length
    }
  }

  /** The last bucket that begins at or before the key. */
  #bucketOf(key: string): number {
    let low = 0
    let high = this.#buckets.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (compareKeys(this.#buckets[middle]![0]!, key) <= 0) low = middle
      else high = middle - 1
    }
    return low
  }
}

/**
 * The keys of all rows of contracts, by storage: the state trie has them by their hashes alone. It is derived from the records,
 * and always as the rules see them, what is written and not yet committed included.
 */
export class RowIndex {
  readonly #storages = new Map<string, SortedKeys>()

  /** @param storage - As text. */
  add(storage: string, key: string): void {
    let keys = this.#storages.get(storage)
    if (keys === undefined) {
      keys = new SortedKeys()
      this.#storages.set(storage, keys)
    }
    keys.add(key)
  }

  remove(storage: string, key: string): void {
    const keys = this.#storages.get(storage)
    keys?.remove(key)
    if (keys?.isEmpty) this.#storages.delete(storage)
  }

  /** Keys from ≥, to <, rising or falling. Valid until something is added or removed. */
  *range(storage: string, { from, to, reverse }: RowRange): Generator<string> {
    const keys = this.#storages.get(storage)
    if (keys === undefined) return
    if (reverse) {
      for (const key of keys.before(to)) {
        if (from !== undefined && compareKeys(key, from) < 0) return
        yield key
      }
      return
    }
    for (const key of keys.after(from ?? '')) {
      if (to !== undefined && compareKeys(key, to) >= 0) return
      yield key
    }
  }
}

export interface RowRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly reverse?: boolean | undefined
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareKeys(keys[middle]!, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** By code points, which is the order of the UTF-8 bytes: halves of pairs come after all other units. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return isHalf(x) === isHalf(y) ? x - y : isHalf(x) ? 1 : -1
  }
  return a.length - b.length
}

function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000
}
