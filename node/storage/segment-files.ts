import { randomInt } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, syncDirectory, writeFileAtomic } from './atomic-file.ts'
import { StorageError, systemCode } from './errors.ts'
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  type LogFormat,
  type SegmentHeader,
  segmentHeaderBytes,
} from './segment-format.ts'

/** Which log of which ledger, and where. */
export interface LogPlace {
  readonly directory: string
  /** The files are `NAME-00000001.log` and so on. */
  readonly name: string
  readonly format: LogFormat
  /** The ledger's id, 32 bytes. */
  readonly ledger: Uint8Array
}

export interface SegmentFile {
  readonly path: string
  readonly header: SegmentHeader
}

export function segmentPath({ directory, name }: Pick<LogPlace, 'directory' | 'name'>, segment: number): string {
  return join(directory, `${name}-${String(segment).padStart(8, '0')}.log`)
}

export function newSalt(): number {
  return randomInt(0x1_0000_0000)
}

function readHeader(place: LogPlace, segment: number): SegmentFile {
  const path = segmentPath(place, segment)
  const bytes = new Uint8Array(segmentHeaderBytes)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, bytes, 0, segmentHeaderBytes, 0)
    return { path, header: decodeSegmentHeader(bytes.subarray(0, length), { ...place, segment }, path) }
  } finally {
    closeSync(file)
  }
}

/** The segments of a log, oldest first, up to the first one whose header is damaged. */
export interface OpenedSegments {
  readonly segments: SegmentFile[]
  readonly damage: StorageError | undefined
  /** The highest number in use. */
  readonly lastNumber: number
}

/**
 * Lists the segments of a log. What an interrupted write or replacement left behind is deleted: temporary files,
 * and segments older than the newest base.
 * @throws {StorageError} if the folder can't be read, or a file is foreign or of another format or ledger.
 */
export async function openSegments(place: LogPlace): Promise<OpenedSegments> {
  const { directory, name } = place
  try {
    await makeDirectory(directory)
    const names = await readdir(directory)
    const numbers: number[] = []
    for (const entry of names) {
      if (!entry.startsWith(`${name}-`)) continue
      const match = /^(\d{8,10})\.(log|index)(\.[0-9a-f]{12}\.tmp)?$/.exec(entry.slice(name.length + 1))
      if (match === null) continue
      if (match[3] !== undefined) await rm(join(directory, entry), { force: true })
      else if (match[2] === 'log') numbers.push(Number(match[1]))
    }
    numbers.sort((a, b) => a - b)
    const lastNumber = numbers.at(-1) ?? 0
    const segments: SegmentFile[] = []
    for (const number of numbers) {
      try {
        segments.push(readHeader(place, number))
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== 'STORAGE_DAMAGED') throw error
        return { segments, damage: error, lastNumber }
      }
    }
    const base = segments.findLastIndex(({ header }) => header.base)
    for (const { path } of segments.slice(0, Math.max(base, 0))) await rm(path, { force: true })
    if (base > 0) await syncDirectory(directory)
    return { segments: segments.slice(Math.max(base, 0)), damage: undefined, lastNumber }
  } catch (error) {
    if (error instanceof StorageError || systemCode(error) === undefined) throw error
    throw new StorageError('STORAGE_UNREADABLE', { file: directory, detail: systemCode(error)!, cause: error })
  }
}

/** Writes a segment with its first frames: the file is there as a whole and durable, or not at all. */
export async function createSegment(
  place: LogPlace,
  own: { readonly segment: number; readonly base: boolean; readonly salt: number },
  frames: readonly Uint8Array[],
): Promise<SegmentFile> {
  const path = segmentPath(place, own.segment)
  const header: SegmentHeader = { format: place.format, ledger: place.ledger, ...own }
  await writeFileAtomic(path, [encodeSegmentHeader(header), ...frames], { mode: 0o600 })
  return { path, header }
}

/**
 * Cuts what stands behind `endsAt`, and writes the rest again in place. After a failed sync the page cache may hold what the
 * disk never got and report it as clean: written again, it is dirty and the sync that follows reaches the disk.
 */
export async function settleTail(path: string, bytes: Uint8Array, endsAt: number): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    if (endsAt < bytes.length) await handle.truncate(endsAt)
    const { bytesWritten } = await handle.write(bytes, 0, endsAt, 0)
    if (bytesWritten !== endsAt) throw new Error(`only ${bytesWritten} of ${endsAt} bytes were written`)
    await handle.sync()
  } catch (cause) {
    throw new StorageError('STORAGE_SYNC_FAILED', { file: path, cause })
  } finally {
    await handle.close()
  }
}
