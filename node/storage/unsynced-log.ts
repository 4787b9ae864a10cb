import {
  closeSync,
  existsSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writevSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StorageError } from './errors.ts'
import { type LogPlace, newSalt, openSegments, segmentPath } from './segment-files.ts'
import { encodeSegmentHeader, frameHeader, frameHeaderBytes, segmentHeaderBytes } from './segment-format.ts'
import { damagedAt, type SegmentScan, scanSegment } from './segment-scan.ts'

/** Places of one segment are numbered from `segment * segmentSpan`, so that a place in the log is one number below 2^52. */
export const segmentSpan = 2 ** 30
const openFilesMax = 16
const syncFile = promisify(fdatasync)

export interface UnsyncedLogOptions extends LogPlace {
  /** A segment of at least this size is closed and a new one begun; one record may go beyond it. */
  readonly segmentBytesMax: number
  /** Together with `segmentBytesMax` below `segmentSpan`. */
  readonly recordBytesMax: number
}

/** A record with the place of its first byte. The bytes are a view into the file's. */
export interface PlacedRecord {
  readonly at: number
  readonly record: Uint8Array
}

/**
 * Records in append-only files for what can be derived again: the form of `AppendLog`, but written by the calling thread and
 * not synced, so a kill loses nothing and a power cut the newest records. An unfinished last record is cut; damage elsewhere is
 * told as damage. Places inside a record may be read alone, which does not check its checksum.
 *
 * A write that fails ends the log for good, as in `AppendLog`: a record behind one that is missing would tell another history.
 */
export class UnsyncedLog {
  readonly #options: UnsyncedLogOptions
  /** Salts by number, oldest first. */
  readonly #salts = new Map<number, number>()
  readonly #readers = new Map<number, number>()
  readonly #closed = new Map<number, number>()
  /** Syncs of closed segments that are under way. */
  #settling: Promise<void> = Promise.resolve()
  #failed: StorageError | undefined
  /** Of the last segment, until something is written: a start looks at it several times. */
  #tailScan: SegmentScan | undefined
  #tail = { segment: 0, offset: 0, file: -1 }

  private constructor(options: UnsyncedLogOptions) {
    this.#options = options
  }

  /** @throws {StorageError} if a file is damaged, foreign, or of another format or ledger. */
  static async open(options: UnsyncedLogOptions): Promise<UnsyncedLog> {
    dropUnbegun(options)
    const { segments, damage } = await openSegments(options)
    if (damage !== undefined) throw damage
    const log = new UnsyncedLog(options)
    for (const [index, { header, path }] of segments.entries()) {
      if (header.segment !== segments[0]!.header.segment + index) throw damagedAt(path, 0)
      log.#salts.set(header.segment, header.salt)
      log.#closed.set(header.segment, statSync(path).size)
    }
    if (segments.length === 0) log.#create(1)
    else log.#openTail(segments.at(-1)!.header.segment)
    return log
  }

  #openTail(segment: number): void {
    const path = segmentPath(this.#options, segment)
    const file = openSync(path, 'r+')
    this.#closed.delete(segment)
    this.#tail = { segment, offset: statSync(path).size, file }
    const { endsAt, end } = this.#scan(segment)
    if (end === 'torn') ftruncateSync(file, endsAt)
    this.#tail.offset = endsAt
  }

  /** Numbers of the segments, oldest first; the last one is still written to. */
  get segments(): number[] {
    return [...this.#salts.keys()]
  }

  /** Of all files together. */
  get bytes(): number {
    let sum = this.#tail.offset
    for (const bytes of this.#closed.values()) sum += bytes
    return sum
  }

  /**
   * Where the next record's first byte will stand.
   * @throws {StorageError} `STORAGE_SYNC_FAILED`, for ever after, if the disk doesn't take a segment that has to be begun.
   */
  nextPlace(): number {
    if (this.#tail.offset >= this.#options.segmentBytesMax) this.roll()
    return this.#tail.segment * segmentSpan + this.#tail.offset + frameHeaderBytes
  }

  /**
   * Writes one record, given in one piece or several; they may be changed afterwards.
   * @returns the place of its first byte.
   * @throws {StorageError} `STORAGE_RECORD_TOO_LARGE`; `STORAGE_SYNC_FAILED`, for ever after, if the disk doesn't take it.
   */
  append(...parts: Uint8Array[]): number {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    if (length > this.#options.recordBytesMax) {
      const detail = `${length} bytes, at most ${this.#options.recordBytesMax}`
      throw new StorageError('STORAGE_RECORD_TOO_LARGE', { file: this.#options.name, detail })
    }
    const at = this.nextPlace()
    const { segment, offset, file } = this.#tail
    const head = frameHeader(parts, offset, this.#salts.get(segment)!)
    this.#tailScan = undefined
    this.#write(segment, () => {
      const written = writevSync(file, [head, ...parts], offset)
      if (written !== head.length + length) throw new Error(`only ${written} bytes were written`)
    })
    this.#tail.offset += head.length + length
    return at
  }

  #write(segment: number, write: () => void): void {
    if (this.#failed !== undefined) throw this.#failed
    try {
      write()
    } catch (cause) {
      const file = segmentPath(this.#options, segment)
      this.#failed = new StorageError('STORAGE_SYNC_FAILED', { file, detail: (cause as Error).message, cause })
      throw this.#failed
    }
  }

  /**
   * Closes the segment and begins another. The closed one is synced meanwhile, so that only a log's end can be lost.
   * @throws {StorageError} `STORAGE_SYNC_FAILED`, for ever after.
   */
  roll(): void {
    const { segment, offset, file } = this.#tail
    this.#write(segment + 1, () => this.#create(segment + 1))
    this.#closed.set(segment, offset)
    this.#settling = Promise.all([this.#settling, syncFile(file).finally(() => closeSync(file))]).then(() => {})
    this.#settling.catch(() => {})
  }

  #create(segment: number): void {
    this.#tailScan = undefined
    const salt = newSalt()
    const path = segmentPath(this.#options, segment)
    const { format, ledger } = this.#options
    const temporary = `${path}.000000000000.tmp`
    writeFileSync(temporary, encodeSegmentHeader({ format, ledger, segment, base: false, salt }), { mode: 0o600 })
    renameSync(temporary, path)
    const file = openSync(path, 'r+')
    this.#salts.set(segment, salt)
    this.#tail = { segment, offset: segmentHeaderBytes, file }
  }

  /** Resolves when everything written so far is durable. */
  async sync(): Promise<void> {
    await Promise.all([syncFile(this.#tail.file), this.#settling])
  }

  /** Up to `length` bytes from a place on, fewer where its segment ends; unchecked. */
  read(place: number, length: number): Uint8Array {
    const segment = Math.floor(place / segmentSpan)
    const bytes = new Uint8Array(length)
    if (!this.#salts.has(segment)) return bytes.subarray(0, 0)
    return bytes.subarray(0, readSync(this.#reader(segment), bytes, 0, length, place - segment * segmentSpan))
  }

  #reader(segment: number): number {
    let reader = this.#readers.get(segment)
    if (reader === undefined) {
      reader = openSync(segmentPath(this.#options, segment), 'r')
      if (this.#readers.size >= openFilesMax) this.#closeReader(this.#readers.keys().next().value!)
      this.#readers.set(segment, reader)
    }
    return reader
  }

  #closeReader(segment: number): void {
    const reader = this.#readers.get(segment)
    this.#readers.delete(segment)
    if (reader !== undefined) closeSync(reader)
  }

  /** All records of a segment, their checksums verified. @throws {StorageError} `STORAGE_DAMAGED`. */
  recordsOf(segment: number): PlacedRecord[] {
    const { records } = this.#scan(segment)
    return records.map(({ offset, record }) => ({ at: segment * segmentSpan + offset + frameHeaderBytes, record }))
  }

  #scan(segment: number): SegmentScan {
    const last = segment === this.#tail.segment
    if (last && this.#tailScan !== undefined) return this.#tailScan
    const path = segmentPath(this.#options, segment)
    const salt = this.#salts.get(segment)
    if (salt === undefined || !existsSync(path)) throw damagedAt(path, 0)
    const { buffer, byteOffset, length } = readFileSync(path)
    const bytes = new Uint8Array(buffer, byteOffset, length)
    const scan = scanSegment(bytes, { salt }, this.#options.recordBytesMax, last)
    if (scan.end === 'damaged') throw damagedAt(path, scan.endsAt)
    if (last) this.#tailScan = scan
    return scan
  }

  /** Cuts everything behind a record of this place and length; later segments first, so that what is left is always a beginning. */
  cutAfter({ at, record }: PlacedRecord): void {
    this.#cut(Math.floor(at / segmentSpan), (at % segmentSpan) + record.length)
  }

  /** Cuts all records. */
  clear(): void {
    this.#cut(this.segments[0]!, segmentHeaderBytes)
  }

  #cut(segment: number, endsAt: number): void {
    for (const later of this.segments.filter((number) => number > segment).reverse()) this.#remove(later)
    if (segment !== this.#tail.segment) {
      this.#closed.delete(segment)
      this.#tail = { segment, offset: 0, file: openSync(segmentPath(this.#options, segment), 'r+') }
    }
    ftruncateSync(this.#tail.file, endsAt)
    this.#tailScan = undefined
    this.#tail.offset = endsAt
  }

  /** Deletes the segments before this one, oldest first. Sync first: what replaces them must not be lost with them. */
  dropBefore(segment: number): void {
    for (const older of this.segments.filter((number) => number < segment)) this.#remove(older)
  }

  #remove(segment: number): void {
    if (segment === this.#tail.segment) closeSync(this.#tail.file)
    this.#closeReader(segment)
    this.#salts.delete(segment)
    this.#closed.delete(segment)
    rmSync(segmentPath(this.#options, segment), { force: true })
  }

  async close(): Promise<void> {
    await this.#settling.catch(() => {})
    closeSync(this.#tail.file)
    for (const segment of [...this.#readers.keys()]) this.#closeReader(segment)
  }
}

/** Deletes a newest segment that a power cut left without its header: it holds nothing. */
function dropUnbegun({ directory, name }: UnsyncedLogOptions): void {
  if (!existsSync(directory)) return
  const files = readdirSync(directory).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.log'))
  const newest = files.sort().at(-1)
  if (newest === undefined) return
  const path = join(directory, newest)
  if (statSync(path).size < segmentHeaderBytes) rmSync(path)
}
