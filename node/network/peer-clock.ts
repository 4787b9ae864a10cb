import { NetworkError } from './errors.ts'

/** Readings of which the best one counts. */
const readingsMax = 5

/** What a sign of life carries: the sender's wall clock, Unix milliseconds. */
export function encodeWallClock(timeMs: number): Uint8Array {
  const content = new Uint8Array(8)
  new DataView(content.buffer).setBigUint64(0, BigInt(timeMs), true)
  return content
}

/** @throws {NetworkError} `NETWORK_FRAME_MALFORMED`. */
export function decodeWallClock(content: Uint8Array): number {
  if (content.length !== 8) throw new NetworkError('NETWORK_FRAME_MALFORMED', 'a sign of life without a time')
  return Number(new DataView(content.buffer, content.byteOffset, 8).getBigUint64(0, true))
}

/**
 * How far a peer's clock is ahead of this machine's. The way here and a busy process only make a reading smaller, so the largest of
 * the newest ones is the best.
 */
export class PeerClock {
  readonly #readings: number[] = []

  /** @param aheadMs - The peer's time less the own one when it came; below zero where the peer is behind. */
  note(aheadMs: number): void {
    this.#readings.push(aheadMs)
    if (this.#readings.length > readingsMax) this.#readings.shift()
  }

  /** Forgets what an ended connection told. */
  reset(): void {
    this.#readings.length = 0
  }

  /** In milliseconds; `undefined` before the first reading. */
  get aheadMs(): number | undefined {
    return this.#readings.length === 0 ? undefined : Math.max(...this.#readings)
  }
}
