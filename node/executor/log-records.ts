import type { PlacedRecord, UnsyncedLog } from '../storage/index.ts'

/** The newest record at or below a height; later ones are not looked at beyond their height. */
export function newestRecord(
  log: UnsyncedLog,
  heightOf: (record: Uint8Array) => number,
  atMost = Number.POSITIVE_INFINITY,
): (PlacedRecord & { readonly height: number }) | undefined {
  for (const segment of log.segments.reverse()) {
    const found = log.recordsOf(segment).findLast(({ record }) => heightOf(record) <= atMost)
    if (found !== undefined) return { ...found, height: heightOf(found.record) }
  }
  return undefined
}

/**
 * Cuts a log behind the record of this height.
 * @returns whether there is one; the log is as it was if not.
 */
export function cutBehind(log: UnsyncedLog, heightOf: (record: Uint8Array) => number, height: number): boolean {
  const found = newestRecord(log, heightOf, height)
  if (found?.height !== height) return false
  log.cutAfter(found)
  return true
}

/** A whole number of eight bytes, little-endian, below 2^53. */
export function numberAt(bytes: Uint8Array, offset: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset + offset, 8).getBigUint64(0, true))
}
