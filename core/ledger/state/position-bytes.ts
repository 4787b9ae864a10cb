/** The kind of a position's key. */
export const positionKind = 3

/** Where the fields of an encoded position record stand. Totals, credit line and frozen amount have 16 bytes. */
export const positionField = {
  debitsPosted: 0,
  debitsPending: 16,
  creditsPosted: 32,
  creditsPending: 48,
  normalSide: 64,
  creditLine: 65,
  frozen: 81,
  entries: 97,
  entriesLink: 105,
} as const

/** Length of an encoded position record. */
export const positionBytes = 137

const wordRange = 2 ** 32
/** Numbers up to this have room for what a block can add to them. */
export const totalMax = 2 ** 52

/** A number of 16 bytes, or −1 where it is above `totalMax`: such positions go the general way, with bigints. */
export function readTotal(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true)
  if (high >= 1 << 20 || view.getUint32(at + 8, true) !== 0 || view.getUint32(at + 12, true) !== 0) return -1
  return high * wordRange + view.getUint32(at, true)
}

/** Writes a safe integer as 16 bytes. */
export function writeTotal(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % wordRange, true)
  view.setUint32(at + 4, Math.floor(value / wordRange), true)
  view.setUint32(at + 8, 0, true)
  view.setUint32(at + 12, 0, true)
}

/** A number of 8 bytes; for counts, which stay far below 2^53. */
export function readCount(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * wordRange + view.getUint32(at, true)
}

export function writeCount(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % wordRange, true)
  view.setUint32(at + 4, Math.floor(value / wordRange), true)
}
