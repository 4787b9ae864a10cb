import { bytes, decode, encode, list, option, Reader, safeU64, struct } from '@tallystick/core/codec'
import { payloadItemsMax } from '@tallystick/core/protocol'
import { AppendLog, type CutTail, type RecordLocation } from './append-log.ts'
import { BlockIndex, readSegmentIndex, writeSegmentIndex } from './block-index.ts'
import { StorageError } from './errors.ts'

/** A block with all its batches; the protocol's limits keep it far below. */
const blockRecordBytesMax = 32 * 1_048_576
const part = bytes(blockRecordBytesMax)
/** What a first look at a record takes: most blocks are shorter. Before the block stand the height and the block's length. */
const startBytes = 1_024
const beforeBlockBytes = 12
const blockRecord = struct({
  height: safeU64,
  block: part,
  batches: list(part, payloadItemsMax),
  finality: option(part),
})

/** A final block as it is stored. */
export interface StoredBlock {
  readonly height: number
  /** The encoded block. */
  readonly block: Uint8Array
  /** The encoded batches that its payload lists, in its order. */
  readonly batches: readonly Uint8Array[]
  /** The encoded finality proof, where the block has one of its own; otherwise a later one makes it final. */
  readonly finality: Uint8Array | undefined
}

/** A block that was read, with where it stands. */
export interface LocatedBlock extends StoredBlock {
  readonly location: RecordLocation
}

export interface BlockStoreOptions {
  readonly directory: string
  readonly ledger: Uint8Array
  readonly segmentBytesMax?: number
  readonly onCut?: (cut: CutTail) => void
}

/**
 * Final blocks by height, gapless, each with its batches, so that everything can be replayed from these files alone.
 * The index by height is in memory; what it needs to know of closed segments lies in derived files beside them.
 */
export class BlockStore {
  readonly #log: AppendLog
  readonly #index = new BlockIndex()
  /** Segments whose derived file is not written yet, the open one last. */
  #unindexed: number[] = []

  private constructor(log: AppendLog) {
    this.#log = log
  }

  /** @throws {StorageError} `STORAGE_DAMAGED` where blocks are missing or don't match their checksums. */
  static async open(options: BlockStoreOptions): Promise<BlockStore> {
    const { directory, ledger, onCut } = options
    const log = await AppendLog.open({
      directory,
      name: 'blocks',
      format: { name: 'blocks', version: 1 },
      ledger,
      segmentBytesMax: options.segmentBytesMax ?? 64 * 1_048_576,
      recordBytesMax: blockRecordBytesMax,
      ...(onCut === undefined ? {} : { onCut }),
    })
    const store = new BlockStore(log)
    try {
      for (const segment of log.segments) await store.#load(segment)
      await store.#indexClosed()
    } catch (error) {
      await log.close()
      throw error
    }
    return store
  }

  async #load(segment: number): Promise<void> {
    const closed = segment < this.#log.writtenSegment
    const known = closed ? await readSegmentIndex(this.#log.pathOf(segment)) : undefined
    if (known !== undefined && (known.firstHeight === this.#index.next || this.#index.next === undefined)) {
      for (const [i, offset] of known.offsets.entries()) this.#index.add(known.firstHeight + i, { segment, offset })
      return
    }
    for (const { location, record } of await this.#log.recordsOf(segment)) {
      const { height } = decode(blockRecord, record)
      if (this.#index.next !== undefined && height !== this.#index.next) {
        const detail = `height ${height} stands where ${this.#index.next} belongs`
        throw new StorageError('STORAGE_DAMAGED', { file: this.#log.pathOf(segment), offset: location.offset, detail })
      }
      this.#index.add(height, location)
    }
    this.#unindexed.push(segment)
  }

  async #indexClosed(): Promise<void> {
    const closed = this.#unindexed.filter((segment) => segment < this.#log.writtenSegment)
    this.#unindexed = this.#unindexed.filter((segment) => segment >= this.#log.writtenSegment)
    for (const segment of closed) await writeSegmentIndex(this.#log.pathOf(segment), this.#index.ofSegment(segment))
  }

  /** The height of the newest block, whether synced or not; 0 if there is none (genesis is not stored). */
  get height(): number {
    return (this.#index.next ?? 1) - 1
  }

  /** The height of the oldest block; `undefined` if there is none. */
  get firstHeight(): number | undefined {
    return this.#index.first
  }

  /**
   * Takes the next block; `sync` makes it durable. The first one may have any height above 0.
   * @returns where it stands, for a `BlockReader`, which finds it there once it is synced.
   * @throws {StorageError} `STORAGE_OUT_OF_ORDER`, `STORAGE_RECORD_TOO_LARGE`.
   */
  append({ height, block, batches, finality }: StoredBlock): RecordLocation {
    if (height < 1 || (this.#index.next !== undefined && height !== this.#index.next)) {
      throw new StorageError('STORAGE_OUT_OF_ORDER', { detail: `height ${height}, the newest is ${this.height}` })
    }
    const [location] = this.#log.append([encode(blockRecord, { height, block, batches: [...batches], finality })])
    this.#index.add(height, location!)
    if (this.#unindexed.at(-1) !== location!.segment) this.#unindexed.push(location!.segment)
    return location!
  }

  /** Resolves when all that was given is durable. A failure is final: the process has to end. */
  async sync(): Promise<void> {
    await this.#log.sync()
    await this.#indexClosed()
  }

  /** @throws {StorageError} `STORAGE_DAMAGED` if the file does not have the block as it was written. */
  read(height: number): LocatedBlock | undefined {
    const location = this.#index.at(height)
    if (location === undefined) return undefined
    const stored = decode(blockRecord, this.#log.read(location))
    if (stored.height !== height) {
      const file = this.#log.pathOf(location.segment)
      const detail = `height ${stored.height} stands where ${height} belongs`
      throw new StorageError('STORAGE_DAMAGED', { file, offset: location.offset, detail })
    }
    return { ...stored, location }
  }

  /**
   * The encoded block alone, which is a small part of what is stored of it. The checksum is over all, so it is not checked here:
   * compare the block's hash.
   */
  readBlock(height: number): Uint8Array | undefined {
    const location = this.#index.at(height)
    if (location === undefined) return undefined
    const start = this.#log.readStart(location, startBytes)
    if (start.length < beforeBlockBytes) return start.subarray(0, 0)
    const reader = new Reader(start)
    reader.u64()
    const end = Math.min(beforeBlockBytes + reader.u32(), blockRecordBytesMax)
    const whole = end <= start.length ? start : this.#log.readStart(location, end)
    return whole.subarray(beforeBlockBytes, end)
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
