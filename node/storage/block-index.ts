import { stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { decode, encode, list, safeU64, struct, u16, u32 } from '@tallystick/core/codec'
import type { RecordLocation } from './append-log.ts'
import { readBytes, writeFileAtomic } from './atomic-file.ts'

/** Where each block stands: 8 bytes in typed arrays for each height. */
export class BlockIndex {
  #first: number | undefined
  #count = 0
  #segments = new Uint32Array(1_024)
  #offsets = new Uint32Array(1_024)

  get first(): number | undefined {
    return this.#first
  }

  /** The only height that may be added; `undefined` if any may. */
  get next(): number | undefined {
    return this.#first === undefined ? undefined : this.#first + this.#count
  }

  add(height: number, { segment, offset }: RecordLocation): void {
    if (this.#count === this.#segments.length) {
      this.#segments = doubled(this.#segments)
      this.#offsets = doubled(this.#offsets)
    }
    this.#first ??= height
    this.#segments[this.#count] = segment
    this.#offsets[this.#count] = offset
    this.#count++
  }

  at(height: number): RecordLocation | undefined {
    if (this.#first === undefined || height < this.#first || height >= this.#first + this.#count) return undefined
    return { segment: this.#segments[height - this.#first]!, offset: this.#offsets[height - this.#first]! }
  }

  /** The part that a segment's derived file holds. */
  ofSegment(segment: number): SegmentIndex {
    const from = this.#segments.subarray(0, this.#count).indexOf(segment)
    if (from < 0) return { firstHeight: 0, offsets: [] }
    const end = this.#segments.subarray(from, this.#count).findIndex((other) => other !== segment)
    const offsets = this.#offsets.subarray(from, end < 0 ? this.#count : from + end)
    return { firstHeight: this.#first! + from, offsets: [...offsets] }
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}

/** The heights of one closed segment, gapless from the first. */
export interface SegmentIndex {
  readonly firstHeight: number
  readonly offsets: readonly number[]
}

const formatVersion = 1
const derivedFile = struct({
  version: u16,
  segmentBytes: safeU64,
  firstHeight: safeU64,
  offsets: list(u32, 16_777_216),
})

const pathBeside = (segmentFile: string): string => segmentFile.replace(/\.log$/, '.index')

/**
 * Reads what is known of a closed segment from the derived file beside it.
 * @returns `undefined` if that is missing, damaged, stale or of another version: the segment itself is read then.
 */
export async function readSegmentIndex(segmentFile: string): Promise<SegmentIndex | undefined> {
  try {
    const bytes = await readBytes(pathBeside(segmentFile))
    const body = bytes.subarray(0, bytes.length - 4)
    const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(body.length, true)
    if (checksum !== crc32(body)) return undefined
    const { version, segmentBytes, ...index } = decode(derivedFile, body)
    return version === formatVersion && segmentBytes === (await stat(segmentFile)).size ? index : undefined
  } catch {
    return undefined
  }
}

export async function writeSegmentIndex(segmentFile: string, { firstHeight, offsets }: SegmentIndex): Promise<void> {
  const segmentBytes = (await stat(segmentFile)).size
  const body = encode(derivedFile, { version: formatVersion, segmentBytes, firstHeight, offsets: [...offsets] })
  const checksum = new Uint8Array(4)
  new DataView(checksum.buffer).setUint32(0, crc32(body), true)
  await writeFileAtomic(pathBeside(segmentFile), [body, checksum], { mode: 0o600 })
}
