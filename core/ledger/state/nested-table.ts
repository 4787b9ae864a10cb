import { decode, encode } from '../../codec/index.ts'
import { type Hash, type HashBatch, hashKind, StateTrie } from '../../crypto/index.ts'
import { type NestedKey, type NestedRecord, nestedKey, nestedRecordCodecs } from '../../protocol/index.ts'
import { assertHolds } from '../assertion.ts'
import { copy32, copyBytes } from './block-changes.ts'
import { hashOfKey, KeyIndex } from './key-index.ts'

const blindBytes = 32
const chunkBits = 12
const chunkMask = (1 << chunkBits) - 1
const pathKind = hashKind('tallystick/nested-path')
const blindKind = hashKind('tallystick/state-blind')
const digestKind = hashKind('tallystick/state-record')
const recordsPerPass = 8_192

type NestedKind = NestedKey['kind']

/** Bytes of the encoded key, with its kind, and of the encoded record: both are fixed for a kind. */
const lengths: Readonly<Record<NestedKind, { readonly key: number; readonly record: number }>> = {
  'recent-id': { key: 33, record: 12 },
  reference: { key: 65, record: 80 },
}

/**
 * The records of one nested trie (a minute of ids, a day of references), each key, blind and record in one row. They are
 * added, never changed, and dropped all together. Trie and blinds follow at the block's end, in `commit`; until then a row's
 * blind is the salt that it will be made of.
 */
export class NestedTable {
  readonly kind: NestedKind
  /** Counts the tries in the order in which they were made. */
  readonly place: number
  readonly trie = new StateTrie()
  readonly rowBytes: number
  readonly #keyBytes: number
  readonly #index: KeyIndex
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  #size = 0
  #committed = 0

  constructor(kind: NestedKind, place: number) {
    this.kind = kind
    this.place = place
    this.#keyBytes = lengths[kind].key
    this.rowBytes = this.#keyBytes + blindBytes + lengths[kind].record
    this.#index = new KeyIndex((row) => hashOfKey(this.#chunk(row), this.#offset(row), this.#keyBytes))
  }

  get size(): number {
    return this.#size
  }

  /** Rows from here on are not committed yet. */
  get committed(): number {
    return this.#committed
  }

  /** The row of an encoded key; negative if there is none. */
  find(key: Uint8Array): number {
    return this.#find(hashOfKey(key, 0, this.#keyBytes), key, 0)
  }

  get<K extends NestedKind>(key: Extract<NestedKey, { kind: K }>): NestedRecord<K> | undefined {
    const row = this.find(encode(nestedKey, key))
    return row < 0
      ? undefined
      : (decode(nestedRecordCodecs[this.kind] as never, this.encodedOf(row)) as NestedRecord<K>)
  }

  /** @param blinding - The salt of what writes it; while restoring, its blind. @returns its row. */
  add(key: Uint8Array, encoded: Uint8Array, blinding: Uint8Array): number {
    const hash = hashOfKey(key, 0, this.#keyBytes)
    assertHolds(this.#find(hash, key, 0) < 0, () => `a ${this.kind} is recorded twice`)
    assertHolds(key.length + blindBytes + encoded.length === this.rowBytes, () => `a ${this.kind} has another length`)
    const row = this.#open()
    const chunk = this.#chunk(row)
    const offset = this.#offset(row)
    copyBytes(key, 0, key.length, chunk, offset)
    copy32(blinding, 0, chunk, offset + this.#keyBytes)
    copyBytes(encoded, 0, encoded.length, chunk, offset + this.#keyBytes + blindBytes)
    this.#index.add(hash, row)
    return row
  }

  /** Takes back the row added last. */
  removeLast(): void {
    const row = this.#size - 1
    assertHolds(row >= this.#committed, () => 'a committed record of a nested trie is taken back')
    this.#index.remove(hashOfKey(this.#chunk(row), this.#offset(row), this.#keyBytes), row)
    this.#size = row
  }

  keyOf(row: number): Uint8Array {
    return this.#chunk(row).subarray(this.#offset(row), this.#offset(row) + this.#keyBytes)
  }

  blindOf(row: number): Hash {
    const from = this.#offset(row) + this.#keyBytes
    return this.#chunk(row).slice(from, from + blindBytes)
  }

  encodedOf(row: number): Uint8Array {
    return this.rowOf(row).subarray(this.#keyBytes + blindBytes)
  }

  /** Key, blind and record, as a view. */
  rowOf(row: number): Uint8Array {
    return this.#chunk(row).subarray(this.#offset(row), this.#offset(row) + this.rowBytes)
  }

  /** Adds rows as `rowOf` gave them, side by side, unless their keys are there. */
  restoreRows(rows: Uint8Array): void {
    for (let at = 0; at < rows.length; at += this.rowBytes) {
      const hash = hashOfKey(rows, at, this.#keyBytes)
      if (this.#find(hash, rows, at) >= 0) continue
      const row = this.#open()
      copyBytes(rows, at, this.rowBytes, this.#chunk(row), this.#offset(row))
      this.#index.add(hash, row)
    }
  }

  /** Makes the blinds of what was added since, and puts it into the trie. */
  commit(hashes: HashBatch): void {
    this.#settle(hashes, true)
  }

  /** The same for restored rows, which have their blinds already. */
  commitRestored(hashes: HashBatch): void {
    this.trie.reserve(this.#size)
    this.#settle(hashes, false)
  }

  /** Paths and digests of committed rows, `digest` undefined to take them out. For looking back. */
  trieEntries(hashes: HashBatch, from: number, to: number): { path: Hash; digest: Hash }[] {
    const entries: { path: Hash; digest: Hash }[] = []
    this.#hashed(hashes, from, to, false, (paths, digests, count) => {
      for (let i = 0; i < count; i++) {
        entries.push({ path: paths.slice(i * 32, i * 32 + 32), digest: digests.slice(i * 32, i * 32 + 32) })
      }
    })
    return entries
  }

  #settle(hashes: HashBatch, salted: boolean): void {
    this.#hashed(hashes, this.#committed, this.#size, salted, (paths, digests, count) => {
      for (let i = 0; i < count; i++) this.trie.put(paths, i * 32, digests, i * 32)
    })
    this.#committed = this.#size
  }

  #hashed(
    hashes: HashBatch,
    from: number,
    to: number,
    salted: boolean,
    take: (paths: Uint8Array, digests: Uint8Array, count: number) => void,
  ): void {
    for (let at = from; at < to; at += recordsPerPass) {
      const end = Math.min(at + recordsPerPass, to)
      const paths = this.#paths(hashes, at, end)
      if (salted) this.#blind(hashes, at, end, paths)
      this.#digests(hashes, at, end)
      take(paths, hashes.digests, end - at)
    }
  }

  #paths(hashes: HashBatch, from: number, to: number): Uint8Array {
    hashes.clear()
    for (let row = from; row < to; row++) {
      const at = hashes.begin(pathKind, this.#keyBytes)
      copyBytes(this.#chunk(row), this.#offset(row), this.#keyBytes, hashes.memory, at)
    }
    return hashes.take()
  }

  #blind(hashes: HashBatch, from: number, to: number, paths: Uint8Array): void {
    hashes.clear()
    for (let row = from; row < to; row++) {
      const at = hashes.begin(blindKind, 96)
      copy32(this.#chunk(row), this.#offset(row) + this.#keyBytes, hashes.memory, at)
      copy32(paths, (row - from) * 32, hashes.memory, at + 32)
      // The blind before: such a record has no predecessor.
      hashes.memory.fill(0, at + 64, at + 96)
    }
    hashes.run()
    for (let row = from; row < to; row++) {
      copy32(hashes.digests, (row - from) * 32, this.#chunk(row), this.#offset(row) + this.#keyBytes)
    }
  }

  #digests(hashes: HashBatch, from: number, to: number): void {
    const length = this.rowBytes - this.#keyBytes
    hashes.clear()
    for (let row = from; row < to; row++) {
      // Blind and record lie side by side, as they are hashed.
      const at = hashes.begin(digestKind, length)
      copyBytes(this.#chunk(row), this.#offset(row) + this.#keyBytes, length, hashes.memory, at)
    }
    hashes.run()
  }

  #chunk(row: number): Uint8Array<ArrayBuffer> {
    return this.#chunks[row >> chunkBits]!
  }

  #offset(row: number): number {
    return (row & chunkMask) * this.rowBytes
  }

  /** Makes room for one more row. */
  #open(): number {
    const row = this.#size++
    if (row >> chunkBits >= this.#chunks.length) this.#chunks.push(new Uint8Array(this.rowBytes << chunkBits))
    return row
  }

  #find(hash: number, keys: Uint8Array, at: number): number {
    const index = this.#index
    for (let place = index.first(hash); ; place = index.next(place)) {
      const row = index.at(place)
      if (row < 0 || this.#hasKey(row, keys, at)) return row
    }
  }

  #hasKey(row: number, keys: Uint8Array, at: number): boolean {
    const chunk = this.#chunk(row)
    const offset = this.#offset(row)
    for (let i = 0; i < this.#keyBytes; i++) if (chunk[offset + i] !== keys[at + i]) return false
    return true
  }
}
