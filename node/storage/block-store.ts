import { decode, encode, equalBytes } from '@tallystick/core/codec'
import { AppendLog, type CutTail, type RecordLocation } from './append-log.ts'
import { BlockIndex, type BlockIndexEntry } from './block-index.ts'
import { type BlockRecord, blockRecord, blockRecordBytesMax } from './block-record.ts'
import { readSegmentIndex, writeSegmentIndex } from './block-segment-index.ts'
import { StorageError } from './errors.ts'

export interface StoredBlock {
  readonly height: number
  /** The header's hash. */
  readonly hash: Uint8Array
  /** The encoded block. */
  readonly block: Uint8Array
  /** The encoded proof, where the block has one of its own. */
  readonly finality: Uint8Array | undefined
  /** The encoded batches that the payload lists, in its order; `undefined` while they are not here. */
  readonly batches: readonly Uint8Array[] | undefined
}

export interface BlockStoreOptions {
  readonly directory: string
  readonly ledger: Uint8Array
  readonly segmentBytesMax?: number
  readonly onCut?: (cut: CutTail) => void
}

/**
 * Final blocks by height, gapless, each with its batches, so that everything can be replayed from these files alone.
 * The index by height is in memory; what it needs of closed segments lies in derived files beside them.
 */
export class BlockStore {
  readonly #log: AppendLog
  readonly #index = new BlockIndex()
  /** Of segments whose derived file is not written yet. */
  readonly #entries = new Map<number, BlockIndexEntry[]>()

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
      const { segments } = log
      for (const segment of segments) await store.#load(segment, segment !== segments.at(-1))
    } catch (error) {
      await log.close()
      throw error
    }
    return store
  }

  async #load(segment: number, closed: boolean): Promise<void> {
    const known = closed ? await readSegmentIndex(this.#log.pathOf(segment)) : undefined
    if (known !== undefined) {
      // Entries that don't continue the ones before are not trusted; the records decide.
      const [first] = known
      if (first === undefined || this.#index.accepts(first)) {
        for (const entry of known) this.#index.add(segment, entry)
        return
      }
    }
    for (const { location, record } of await this.#log.recordsOf(segment)) {
      const value = decode(blockRecord, record)
      if (!this.#index.accepts(value)) {
        const detail = `height ${value.height} stands after ${this.#index.height}`
        throw new StorageError('STORAGE_DAMAGED', { file: this.#log.pathOf(segment), offset: location.offset, detail })
      }
      this.#note(location, value)
    }
    if (closed) await this.#writeIndex(segment)
  }

  #note({ segment, offset }: RecordLocation, record: BlockRecord): void {
    const { kind, height } = record
    const entry: BlockIndexEntry =
      kind === 'batches'
        ? { kind, height, offset }
        : {
            kind,
            height,
            offset,
            hash: record.hash.slice(0, 4),
            final: record.finality !== undefined,
            complete: record.batches !== undefined,
          }
    this.#index.add(segment, entry)
    const entries = this.#entries.get(segment)
    if (entries === undefined) this.#entries.set(segment, [entry])
    else entries.push(entry)
  }

  async #writeIndex(segment: number): Promise<void> {
    const entries = this.#entries.get(segment) ?? []
    this.#entries.delete(segment)
    await writeSegmentIndex(this.#log.pathOf(segment), entries)
  }

  /** The highest stored block; `undefined` for none. Also counts what is not synced yet. */
  get height(): number | undefined {
    return this.#index.height
  }

  /** The lowest stored block; `undefined` for none. */
  get firstHeight(): number | undefined {
    return this.#index.firstHeight
  }

  /**
   * Takes the next block; `sync` makes it durable. The first one may have any height, later ones follow without gaps.
   * @throws {StorageError} `STORAGE_OUT_OF_ORDER`, `STORAGE_RECORD_TOO_LARGE`.
   */
  append(stored: StoredBlock): void {
    this.#add({ kind: 'block', ...stored, batches: stored.batches?.slice() })
  }

  /**
   * Adds the batches of a block that was stored without them.
   * @throws {StorageError} `STORAGE_OUT_OF_ORDER` if there is no such block, or it has them.
   */
  supplyBatches(height: number, batches: readonly Uint8Array[]): void {
    this.#add({ kind: 'batches', height, batches: batches.slice() })
  }

  #add(record: BlockRecord): void {
    if (!this.#index.accepts(record)) {
      const detail = `${record.kind} of height ${record.height}, the newest is ${this.#index.height}`
      throw new StorageError('STORAGE_OUT_OF_ORDER', { detail })
    }
    const [location] = this.#log.append([encode(blockRecord, record)])
    this.#note(location!, record)
  }

  /** Resolves when all that was given is durable. A failure is final: the process has to end. */
  async sync(): Promise<void> {
    await this.#log.sync()
    const open = this.#log.writtenSegment
    for (const segment of this.#entries.keys()) if (segment < open) await this.#writeIndex(segment)
  }

  /** @throws {StorageError} `STORAGE_DAMAGED` if the file does not have it as it was written. */
  read(height: number): StoredBlock | undefined {
    const location = this.#index.blockAt(height)
    if (location === undefined) return undefined
    const record = decode(blockRecord, this.#log.read(location))
    if (record.kind !== 'block' || record.height !== height) throw this.#mismatch(location)
    const { hash, block, finality } = record
    return { height, hash, block, finality, batches: record.batches ?? this.#laterBatches(height) }
  }

  #laterBatches(height: number): readonly Uint8Array[] | undefined {
    const location = this.#index.batchesAt(height)
    if (location === undefined) return undefined
    const record = decode(blockRecord, this.#log.read(location))
    if (record.kind !== 'batches' || record.height !== height) throw this.#mismatch(location)
    return record.batches
  }

  #mismatch({ segment, offset }: RecordLocation): StorageError {
    return new StorageError('STORAGE_DAMAGED', { file: this.#log.pathOf(segment), offset, detail: 'another block' })
  }

  /** The height of a stored block by its header's hash. */
  heightOf(hash: Uint8Array): number | undefined {
    for (const height of this.#index.heightsLike(hash)) {
      if (equalBytes(this.read(height)!.hash, hash)) return height
    }
    return undefined
  }

  /** The lowest height from `height` on whose block has a finality proof of its own. */
  nextFinality(height: number): number | undefined {
    return this.#index.nextFinality(height)
  }

  /** Heights whose batches are not here, lowest first. */
  incomplete(): number[] {
    return this.#index.incomplete()
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
