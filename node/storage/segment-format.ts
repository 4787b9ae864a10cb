import { crc32 } from 'node:zlib'
import { compareBytes } from '@tallystick/core/codec'
import { StorageError } from './errors.ts'

/** What the records of a log mean; each change of it raises the version. */
export interface LogFormat {
  readonly name: string
  readonly version: number
}

export interface SegmentHeader {
  readonly format: LogFormat
  readonly ledger: Uint8Array
  readonly segment: number
  /** Holds everything that is live: older segments are leftovers of an interrupted replacement. */
  readonly base: boolean
  /** Random, so that nobody who writes data into records can make bytes that look like a record of this file. */
  readonly salt: number
}

/** The form of header and frames, apart from what the records mean. */
const containerVersion = 1
const magic = new TextEncoder().encode('tallystick')
const formatNameBytes = 16

/** magic 10, container version 2, format name 16, format version 2, ledger 32, segment 4, base 1, zero 1, salt 4, checksum 4. */
export const segmentHeaderBytes = 76
/** length 4, mark 4, checksum 4. */
export const frameHeaderBytes = 12

export function encodeSegmentHeader({ format, ledger, segment, base, salt }: SegmentHeader): Uint8Array {
  const name = new TextEncoder().encode(format.name)
  if (name.length > formatNameBytes || ledger.length !== 32) throw new RangeError('not a segment header')
  const bytes = new Uint8Array(segmentHeaderBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint16(10, containerVersion, true)
  bytes.set(name, 12)
  view.setUint16(28, format.version, true)
  bytes.set(ledger, 30)
  view.setUint32(62, segment, true)
  view.setUint8(66, base ? 1 : 0)
  view.setUint32(68, salt, true)
  view.setUint32(72, crc32(bytes.subarray(0, 72)), true)
  return bytes
}

function checkVersion(found: number, wanted: number, file: string): void {
  if (found === wanted) return
  const code = found > wanted ? 'STORAGE_FORMAT_NEWER' : 'STORAGE_FORMAT_OLDER'
  throw new StorageError(code, { file, detail: `format ${found}, this version reads ${wanted}` })
}

/** @throws {StorageError} that says which of the expectations a file does not meet. */
export function decodeSegmentHeader(
  bytes: Uint8Array,
  expected: { readonly format: LogFormat; readonly ledger: Uint8Array; readonly segment: number },
  file: string,
): SegmentHeader {
  if (bytes.length < segmentHeaderBytes || compareBytes(bytes.subarray(0, 10), magic) !== 0) {
    throw new StorageError('STORAGE_FOREIGN_FILE', { file, detail: 'it does not start as they do' })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, segmentHeaderBytes)
  checkVersion(view.getUint16(10, true), containerVersion, file)
  if (view.getUint32(72, true) !== crc32(bytes.subarray(0, 72))) {
    throw new StorageError('STORAGE_DAMAGED', { file, offset: 0, detail: 'the header' })
  }
  const name = new TextDecoder().decode(bytes.subarray(12, 28)).replace(/\0+$/, '')
  if (name !== expected.format.name) {
    throw new StorageError('STORAGE_FOREIGN_FILE', { file, detail: `it holds ${JSON.stringify(name)}` })
  }
  checkVersion(view.getUint16(28, true), expected.format.version, file)
  const ledger = bytes.slice(30, 62)
  if (compareBytes(ledger, expected.ledger) !== 0) throw new StorageError('STORAGE_WRONG_LEDGER', { file })
  const segment = view.getUint32(62, true)
  if (segment !== expected.segment) {
    throw new StorageError('STORAGE_FOREIGN_FILE', { file, detail: `it was written as segment ${segment}` })
  }
  return { format: expected.format, ledger, segment, base: view.getUint8(66) === 1, salt: view.getUint32(68, true) }
}

/** Binds a frame's length to its place in this one file, and lets a search for frames skip nearly every offset cheaply. */
function markOf(length: number, offset: number, salt: number): number {
  let mix = Math.imul(length ^ salt, 0x9e37_79b1) ^ Math.imul(offset + 0x7f4a_7c15, 0x85eb_ca6b)
  mix ^= mix >>> 15
  mix = Math.imul(mix, 0xc2b2_ae35)
  return (mix ^ (mix >>> 13)) >>> 0
}

/** Over length, mark and record. `crc32` of nothing is not asked for: zlib forgets the value so far then. */
function checksumOf(head: Uint8Array, parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => (part.length === 0 ? sum : crc32(part, sum)), crc32(head))
}

/**
 * @param parts - The record, in one piece or several.
 * @param offset - Where in its file the frame will stand.
 */
export function frameHeader(parts: readonly Uint8Array[], offset: number, salt: number): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(frameHeaderBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, length, true)
  view.setUint32(4, markOf(length, offset, salt), true)
  view.setUint32(8, checksumOf(bytes.subarray(0, 8), parts), true)
  return bytes
}

/**
 * The record of the frame at `offset`, or `undefined` where none stands whole and sound.
 * @param bytes - A file from its start, or a part of it that starts at `start`.
 * @returns A view into `bytes`.
 */
export function frameAt(
  bytes: Uint8Array,
  offset: number,
  salt: number,
  recordBytesMax: number,
  start = 0,
): Uint8Array | undefined {
  const at = offset - start
  if (at + frameHeaderBytes > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, frameHeaderBytes)
  const length = view.getUint32(0, true)
  if (length > recordBytesMax || at + frameHeaderBytes + length > bytes.length) return undefined
  if (view.getUint32(4, true) !== markOf(length, offset, salt)) return undefined
  const record = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length)
  if (view.getUint32(8, true) !== checksumOf(bytes.subarray(at, at + 8), [record])) return undefined
  return record
}

/** Whether a sound frame starts anywhere from `offset` on. */
export function anyFrameFrom(bytes: Uint8Array, offset: number, salt: number, recordBytesMax: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = offset; at + frameHeaderBytes <= bytes.length; at++) {
    const length = view.getUint32(at, true)
    if (length > recordBytesMax || view.getUint32(at + 4, true) !== markOf(length, at, salt)) continue
    if (frameAt(bytes, at, salt, recordBytesMax) !== undefined) return true
  }
  return false
}
