import { bytes, bytes32, decode, encode, struct, toHex } from '@tallystick/core/codec'
import { batchBytesMax } from '@tallystick/core/protocol'
import { AppendLog, type CutTail, type RecordLocation } from './append-log.ts'

const batchRecord = struct({ digest: bytes32, encoded: bytes(batchBytesMax + 1_024) })

/** A closed segment goes when at least this share of its bytes is released, so a batch is copied forward for three that went. */
const releasedShareMin = 0.75

export interface BatchStoreOptions {
  readonly directory: string
  readonly ledger: Uint8Array
  readonly segmentBytesMax?: number
  readonly onCut?: (cut: CutTail) => void
}

/**
 * Batches that are not yet in a durable final block. Each is synced before `append` resolves, so before anybody is told that
 * this node has it. A segment is deleted when all its batches are released, and what a few keep alive is copied forward, so the
 * files stay in proportion to what is held.
 */
export class BatchStore {
  readonly #log: AppendLog
  readonly #live = new Map<string, { digest: Uint8Array; location: RecordLocation; bytes: number }>()
  /** Per segment: all bytes of batches that were written to it, and those of released ones. */
  readonly #written = new Map<number, { all: number; released: number }>()

  #trimming = false

  private constructor(log: AppendLog) {
    this.#log = log
  }

  /**
   * Batches that were released in an earlier run may be there again: the caller releases those that final blocks hold.
   * @throws {StorageError}
   */
  static async open(options: BatchStoreOptions): Promise<BatchStore> {
    const { directory, ledger, onCut } = options
    const log = await AppendLog.open({
      directory,
      name: 'batches',
      format: { name: 'batches', version: 1 },
      ledger,
      segmentBytesMax: options.segmentBytesMax ?? 64 * 1_048_576,
      recordBytesMax: batchBytesMax + 2_048,
      ...(onCut === undefined ? {} : { onCut }),
    })
    const store = new BatchStore(log)
    try {
      for (const segment of log.segments) {
        store.#written.set(segment, { all: 0, released: 0 })
        for (const { location, record } of await log.recordsOf(segment)) {
          store.#note(decode(batchRecord, record).digest, location, record.length)
        }
      }
    } catch (error) {
      await log.close()
      throw error
    }
    return store
  }

  #note(digest: Uint8Array, location: RecordLocation, size: number): void {
    const key = toHex(digest)
    const earlier = this.#live.get(key)
    if (earlier !== undefined) this.#written.get(earlier.location.segment)!.released += earlier.bytes
    this.#live.set(key, { digest, location, bytes: size })
    const written = this.#written.get(location.segment)
    if (written === undefined) this.#written.set(location.segment, { all: size, released: 0 })
    else written.all += size
  }

  get count(): number {
    return this.#live.size
  }

  has(digest: Uint8Array): boolean {
    return this.#live.has(toHex(digest))
  }

  /** Resolves when the batch is durable. One that is held already is not written again. */
  async append(digest: Uint8Array, encoded: Uint8Array): Promise<void> {
    if (!this.has(digest)) this.#write(digest, encoded)
    await this.#log.sync()
    if (!this.#trimming) await this.#trim()
  }

  #write(digest: Uint8Array, encoded: Uint8Array): void {
    const record = encode(batchRecord, { digest, encoded })
    const [location] = this.#log.append([record])
    this.#note(digest, location!, record.length)
  }

  /** @throws {StorageError} `STORAGE_DAMAGED`. */
  read(digest: Uint8Array): Uint8Array | undefined {
    const found = this.#live.get(toHex(digest))
    return found === undefined ? undefined : decode(batchRecord, this.#log.read(found.location)).encoded
  }

  /** All that are held, oldest first. */
  *stored(): Generator<{ readonly digest: Uint8Array; readonly encoded: Uint8Array }> {
    for (const { digest, location } of this.#live.values()) {
      yield { digest, encoded: decode(batchRecord, this.#log.read(location)).encoded }
    }
  }

  /** These are in a durable final block, or expired. Their room on disk is freed with a later batch. */
  release(digests: readonly Uint8Array[]): void {
    for (const digest of digests) {
      const found = this.#live.get(toHex(digest))
      if (found === undefined) continue
      this.#live.delete(toHex(digest))
      this.#written.get(found.location.segment)!.released += found.bytes
    }
  }

  /** Deletes closed segments that are mostly released, after copying forward what is live in them. */
  async #trim(): Promise<void> {
    const open = this.#log.writtenSegment
    const sparse = new Set<number>()
    for (const [segment, { all, released }] of this.#written) {
      if (segment < open && released >= all * releasedShareMin) sparse.add(segment)
    }
    if (sparse.size === 0) return
    this.#trimming = true
    try {
      for (const { digest, location } of [...this.#live.values()]) {
        if (!sparse.has(location.segment)) continue
        const { encoded } = decode(batchRecord, this.#log.read(location))
        this.#live.delete(toHex(digest))
        this.#write(digest, encoded)
      }
      await this.#log.sync()
      for (const segment of sparse) this.#written.delete(segment)
      await this.#log.dropSegments([...sparse])
    } finally {
      this.#trimming = false
    }
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
