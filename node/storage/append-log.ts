import { closeSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { readBytes, syncDirectory, writeFully } from './atomic-file.ts'
import { StorageError } from './errors.ts'
import {
  createSegment,
  type LogPlace,
  newSalt,
  openSegments,
  type SegmentFile,
  segmentPath,
  settleTail,
} from './segment-files.ts'
import { frameAt, frameHeader, frameHeaderBytes, type SegmentHeader, segmentHeaderBytes } from './segment-format.ts'
import { damagedAt, type SegmentScan, scanSegment } from './segment-scan.ts'

/** Where a record stands. */
export interface RecordLocation {
  readonly segment: number
  readonly offset: number
}

/** An unfinished last write that was cut off when the log was opened. */
export interface CutTail {
  readonly file: string
  readonly offset: number
  readonly bytes: number
}

export interface AppendLogOptions extends LogPlace {
  /** A segment that would grow beyond this is closed and a new one begun. */
  readonly segmentBytesMax: number
  readonly recordBytesMax: number
  readonly onCut?: (cut: CutTail) => void
}

type Operation = {
  readonly segment: number
  readonly start: number
  readonly frames: Uint8Array[]
  readonly locations: RecordLocation[]
  /** A base segment replaces all older ones. */
  readonly base: boolean
}

const openFilesMax = 16
const keyOf = ({ segment, offset }: RecordLocation): string => `${segment}:${offset}`

/**
 * Records in append-only files, each behind its length and checksum (docs/adr/0005-storage.md gives the form).
 *
 * `append` keeps records in memory, `sync` makes all of them durable with one write and one `fdatasync`. A write or sync that
 * fails ends the log for good: every later call fails with `STORAGE_SYNC_FAILED`, and nothing is tried again, since after a
 * failed sync the system may report success for data that it dropped.
 */
export class AppendLog {
  readonly #options: AppendLogOptions
  /** By number, oldest first; also those that the next sync will create. */
  readonly #salts = new Map<number, number>()
  readonly #unwritten = new Map<string, Uint8Array>()
  readonly #readers = new Map<number, number>()
  #operations: Operation[] = []
  #tail: { segment: number; offset: number }
  #handle: FileHandle
  #handleSegment: number
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  #failed: StorageError | undefined

  private constructor(
    options: AppendLogOptions,
    segments: readonly SegmentHeader[],
    handle: FileHandle,
    endsAt: number,
  ) {
    this.#options = options
    for (const { segment, salt } of segments) this.#salts.set(segment, salt)
    this.#handle = handle
    this.#handleSegment = segments.at(-1)!.segment
    this.#tail = { segment: this.#handleSegment, offset: endsAt }
  }

  /**
   * Opens a log, or begins it. An unfinished last write is cut off (`segment-scan.ts` has the rule), and the last segment is
   * written again and synced before anything relies on it.
   * @throws {StorageError} `STORAGE_DAMAGED` if the last segment is damaged elsewhere than at its end; older segments are
   * checked when they are read.
   */
  static async open(options: AppendLogOptions): Promise<AppendLog> {
    const { segments, damage } = await openSegments(options)
    if (damage !== undefined) throw damage
    const last = segments.at(-1)
    if (last === undefined) {
      return AppendLog.#openFile(options, [await AppendLog.#createFile(options, 1, true, [])])
    }
    const bytes = await readBytes(last.path)
    const scan = scanSegment(bytes, last.header, options.recordBytesMax, true)
    if (scan.end === 'damaged') throw damagedAt(last.path, scan.endsAt)
    await settleTail(last.path, bytes, scan.endsAt)
    if (scan.end === 'torn') {
      options.onCut?.({ file: last.path, offset: scan.endsAt, bytes: bytes.length - scan.endsAt })
    }
    return AppendLog.#openFile(options, segments, scan.endsAt)
  }

  /**
   * Opens a log by copying what is live into a new segment, synced before the promise resolves; the old files are deleted.
   * @param choose - Gets the records and says which ones to keep. Without `found` there was no log.
   * @throws {StorageError} `STORAGE_DAMAGED` if a record is damaged elsewhere than at the end; the files stay as they are.
   */
  static async openCopied(
    options: AppendLogOptions,
    choose: (records: Uint8Array[], found: boolean) => readonly Uint8Array[],
  ): Promise<AppendLog> {
    const { segments, damage, lastNumber } = await openSegments(options)
    if (damage !== undefined) throw damage
    const records: Uint8Array[] = []
    const cuts: CutTail[] = []
    for (const { path, header } of segments) {
      const bytes = await readBytes(path)
      const scan = scanSegment(bytes, header, options.recordBytesMax, header.segment === lastNumber)
      if (scan.end === 'damaged') throw damagedAt(path, scan.endsAt)
      for (const { record } of scan.records) records.push(record)
      if (scan.end === 'torn') cuts.push({ file: path, offset: scan.endsAt, bytes: bytes.length - scan.endsAt })
    }
    const live = choose(records, lastNumber > 0)
    for (const cut of cuts) options.onCut?.(cut)
    const created = await AppendLog.#createFile(options, lastNumber + 1, true, live)
    for (const { path } of segments) await rm(path, { force: true })
    await syncDirectory(options.directory)
    return AppendLog.#openFile(options, [created], created.endsAt)
  }

  static async #createFile(
    options: AppendLogOptions,
    segment: number,
    base: boolean,
    records: readonly Uint8Array[],
  ): Promise<SegmentFile & { endsAt: number }> {
    const salt = newSalt()
    const frames: Uint8Array[] = []
    let endsAt = segmentHeaderBytes
    for (const record of records) {
      frames.push(frameHeader([record], endsAt, salt), record)
      endsAt += frameHeaderBytes + record.length
    }
    return { ...(await createSegment(options, { segment, base, salt }, frames)), endsAt }
  }

  static async #openFile(
    options: AppendLogOptions,
    segments: readonly SegmentFile[],
    endsAt = segmentHeaderBytes,
  ): Promise<AppendLog> {
    const handle = await open(segments.at(-1)!.path, 'r+')
    return new AppendLog(
      options,
      segments.map(({ header }) => header),
      handle,
      endsAt,
    )
  }

  /** Numbers of the segments, oldest first; the last one is still written to. */
  get segments(): number[] {
    return [...this.#salts.keys()]
  }

  /** The segment that the last sync wrote to; older ones don't change any more. */
  get writtenSegment(): number {
    return this.#handleSegment
  }

  pathOf(segment: number): string {
    return segmentPath(this.#options, segment)
  }

  /**
   * Takes records, in order, for the next `sync`. They can be read at once, and must not be changed afterwards.
   * @throws {StorageError} `STORAGE_RECORD_TOO_LARGE`, or what made the log fail before.
   */
  append(records: readonly Uint8Array[]): RecordLocation[] {
    this.#check()
    for (const { length } of records) {
      if (length > this.#options.recordBytesMax) {
        const detail = `${length} bytes, at most ${this.#options.recordBytesMax}`
        throw new StorageError('STORAGE_RECORD_TOO_LARGE', { file: this.#options.name, detail })
      }
    }
    return records.map((record) => this.#place(record))
  }

  #place(record: Uint8Array): RecordLocation {
    const length = frameHeaderBytes + record.length
    if (this.#tail.offset > segmentHeaderBytes && this.#tail.offset + length > this.#options.segmentBytesMax) {
      this.#tail = { segment: this.#tail.segment + 1, offset: segmentHeaderBytes }
      this.#salts.set(this.#tail.segment, newSalt())
    }
    const { segment, offset } = this.#tail
    let operation = this.#operations.at(-1)
    if (operation?.segment !== segment) {
      operation = { segment, start: offset, frames: [], locations: [], base: false }
      this.#operations.push(operation)
    }
    return this.#frame(operation, record)
  }

  #frame(operation: Operation, record: Uint8Array): RecordLocation {
    const location = { segment: this.#tail.segment, offset: this.#tail.offset }
    operation.frames.push(frameHeader([record], location.offset, this.#salts.get(location.segment)!), record)
    operation.locations.push(location)
    this.#unwritten.set(keyOf(location), record)
    this.#tail.offset += frameHeaderBytes + record.length
    return location
  }

  /**
   * Resolves when everything appended so far is durable. Calls that come while a sync is running share the next one.
   * @throws {StorageError} `STORAGE_SYNC_FAILED`, for ever after.
   */
  sync(): Promise<void> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed)
    if (this.#next !== undefined) return this.#next
    if (this.#operations.length === 0) return this.#running ?? Promise.resolve()
    if (this.#running === undefined) return this.#start()
    this.#next = this.#running.then(() => this.#start())
    return this.#next
  }

  #start(): Promise<void> {
    this.#next = undefined
    const running = this.#write(this.#operations).finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#operations = []
    this.#running = running
    return running
  }

  async #write(operations: readonly Operation[]): Promise<void> {
    for (const { segment, start, frames, locations, base } of operations) {
      try {
        if (base) await this.#replace(segment, frames)
        else {
          if (segment !== this.#handleSegment) await this.#roll(segment, false, [])
          if (frames.length === 0) continue
          await writeFully(this.#handle, frames, start)
          await this.#handle.datasync()
        }
      } catch (cause) {
        const file = segmentPath(this.#options, segment)
        this.#failed = new StorageError('STORAGE_SYNC_FAILED', { file, detail: (cause as Error).message, cause })
        throw this.#failed
      }
      for (const location of locations) this.#unwritten.delete(keyOf(location))
    }
  }

  async #roll(segment: number, base: boolean, frames: readonly Uint8Array[]): Promise<void> {
    const { path } = await createSegment(this.#options, { segment, base, salt: this.#salts.get(segment)! }, frames)
    const handle = await open(path, 'r+')
    await this.#handle.close()
    this.#handle = handle
    this.#handleSegment = segment
  }

  async #replace(segment: number, frames: readonly Uint8Array[]): Promise<void> {
    await this.#roll(segment, true, frames)
    await this.#remove(this.segments.filter((older) => older < segment))
  }

  /**
   * Replaces the whole log by these records: they are in a new synced segment before the older ones are deleted. Resolves when
   * that is done; records appended meanwhile follow after them.
   */
  replaceWith(records: readonly Uint8Array[]): Promise<void> {
    this.#check()
    const segment = this.#tail.segment + 1
    this.#tail = { segment, offset: segmentHeaderBytes }
    this.#salts.set(segment, newSalt())
    const operation: Operation = { segment, start: segmentHeaderBytes, frames: [], locations: [], base: true }
    for (const record of records) this.#frame(operation, record)
    // A further operation on the same segment must not join this one, whose frames are written with the file's creation.
    this.#operations.push(operation, { segment, start: this.#tail.offset, frames: [], locations: [], base: false })
    return this.sync()
  }

  /** Deletes whole segments. Only ones that are not written to any more. */
  async dropSegments(segments: readonly number[]): Promise<void> {
    this.#check()
    if (segments.includes(this.#tail.segment) || segments.includes(this.#handleSegment)) {
      throw new RangeError('the segment is still written to')
    }
    await this.#remove(segments)
  }

  async #remove(segments: readonly number[]): Promise<void> {
    for (const segment of segments) {
      this.#salts.delete(segment)
      const reader = this.#readers.get(segment)
      this.#readers.delete(segment)
      if (reader !== undefined) closeSync(reader)
      await rm(segmentPath(this.#options, segment), { force: true })
    }
    if (segments.length > 0) await syncDirectory(this.#options.directory)
  }

  /**
   * @returns The record, its checksum verified.
   * @throws {StorageError} `STORAGE_DAMAGED` if it isn't there as it was written.
   */
  read(location: RecordLocation): Uint8Array {
    const unwritten = this.#unwritten.get(keyOf(location))
    if (unwritten !== undefined) return unwritten
    const { segment, offset } = location
    const salt = this.#salts.get(segment)
    const file = segmentPath(this.#options, segment)
    if (salt === undefined) throw damagedAt(file, offset)
    const reader = this.#reader(segment)
    const head = Buffer.alloc(frameHeaderBytes)
    if (readSync(reader, head, 0, frameHeaderBytes, offset) !== frameHeaderBytes) throw damagedAt(file, offset)
    const length = head.readUInt32LE(0)
    if (length > this.#options.recordBytesMax) throw damagedAt(file, offset)
    const frame = new Uint8Array(frameHeaderBytes + length)
    readSync(reader, frame, 0, frame.length, offset)
    const record = frameAt(frame, offset, salt, this.#options.recordBytesMax, offset)
    if (record === undefined) throw damagedAt(file, offset)
    return record
  }

  /**
   * A record's first bytes, or all of them if it has fewer: for whoever checks by other means what they say.
   * @throws {StorageError} `STORAGE_DAMAGED` if no such segment is there.
   */
  readStart(location: RecordLocation, lengthMax: number): Uint8Array {
    const unwritten = this.#unwritten.get(keyOf(location))
    if (unwritten !== undefined) return unwritten.subarray(0, lengthMax)
    const { segment, offset } = location
    if (!this.#salts.has(segment)) throw damagedAt(segmentPath(this.#options, segment), offset)
    const bytes = new Uint8Array(lengthMax)
    return bytes.subarray(0, readSync(this.#reader(segment), bytes, 0, lengthMax, offset + frameHeaderBytes))
  }

  #reader(segment: number): number {
    let reader = this.#readers.get(segment)
    if (reader === undefined) {
      reader = openSync(segmentPath(this.#options, segment), 'r')
      if (this.#readers.size >= openFilesMax) {
        const [oldest, file] = this.#readers.entries().next().value!
        this.#readers.delete(oldest)
        closeSync(file)
      }
      this.#readers.set(segment, reader)
    }
    return reader
  }

  /**
   * All records of one segment that are written, in order. Reads the file as a whole.
   * @throws {StorageError} `STORAGE_DAMAGED`.
   */
  async recordsOf(segment: number): Promise<{ location: RecordLocation; record: Uint8Array }[]> {
    const path = segmentPath(this.#options, segment)
    const scan = await this.#scan(segment, path)
    if (scan.end !== 'whole') throw damagedAt(path, scan.endsAt)
    return scan.records.map(({ offset, record }) => ({ location: { segment, offset }, record }))
  }

  async #scan(segment: number, path: string): Promise<SegmentScan> {
    const salt = this.#salts.get(segment)
    if (salt === undefined) throw new RangeError(`no segment ${segment}`)
    return scanSegment(await readBytes(path), { salt }, this.#options.recordBytesMax, false)
  }

  #check(): void {
    if (this.#failed !== undefined) throw this.#failed
  }

  /** Makes durable what is left, and closes the files. */
  async close(): Promise<void> {
    try {
      await (this.#failed === undefined ? this.sync() : this.#running)
    } finally {
      this.#failed ??= new StorageError('STORAGE_CLOSED', { file: this.#options.name })
      await this.#handle.close()
      for (const reader of this.#readers.values()) closeSync(reader)
      this.#readers.clear()
    }
  }
}
