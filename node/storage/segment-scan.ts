import { StorageError } from './errors.ts'
import { anyFrameFrom, frameAt, frameHeaderBytes, type SegmentHeader, segmentHeaderBytes } from './segment-format.ts'

export interface ScannedRecord {
  readonly offset: number
  /** A view into the file's bytes. */
  readonly record: Uint8Array
}

/**
 * The sound records of a segment from its start. The scan ends at the first place where no sound frame stands:
 * - nothing is left: the segment is whole, `endsAt` is its length;
 * - it is the last segment of its log and no sound frame starts at any later byte: an unfinished last write (`torn`), which
 *   nobody relied on, since what is relied on was synced and a synced record is followed by others or ends the file;
 * - else: damage.
 *
 * One case can't be told apart: a bit that flipped in the very last record looks like a torn write, and is cut as one.
 * The last record of a log therefore counts as lost until a peer or another file has shown it not to be.
 */
export interface SegmentScan {
  readonly records: ScannedRecord[]
  readonly endsAt: number
  readonly end: 'whole' | 'torn' | 'damaged'
}

export function scanSegment(
  bytes: Uint8Array,
  header: Pick<SegmentHeader, 'salt'>,
  recordBytesMax: number,
  last: boolean,
): SegmentScan {
  const records: ScannedRecord[] = []
  let offset = segmentHeaderBytes
  while (offset < bytes.length) {
    const record = frameAt(bytes, offset, header.salt, recordBytesMax)
    if (record === undefined) {
      const torn = last && !anyFrameFrom(bytes, offset + 1, header.salt, recordBytesMax)
      return { records, endsAt: offset, end: torn ? 'torn' : 'damaged' }
    }
    records.push({ offset, record })
    offset += frameHeaderBytes + record.length
  }
  return { records, endsAt: offset, end: 'whole' }
}

export function damagedAt(file: string, offset: number): StorageError {
  return new StorageError('STORAGE_DAMAGED', { file, offset })
}
