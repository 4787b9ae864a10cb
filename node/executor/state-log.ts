import { bytes32, encode, type Infer, list, Reader, safeU64, struct, u32 } from '@tallystick/core/codec'
import type { Ledger } from '@tallystick/core/ledger'
import type { LedgerId } from '@tallystick/core/protocol'
import type { UnsyncedLog } from '../storage/index.ts'
import { RecordLog } from './record-log.ts'

/** Before the images in a block's record; it begins with the height. */
const stateHead = struct({
  height: safeU64,
  timeMs: safeU64,
  stateRoot: bytes32,
  historyPeaks: list(bytes32, 64),
  /** What all live images took when they were last written; 0 before that. */
  liveBytes: safeU64,
  /** Length of the block's changes; live images follow behind them. */
  changesBytes: u32,
})
export type StateHead = Infer<typeof stateHead>
export type BlockState = Pick<StateHead, 'height' | 'timeMs' | 'stateRoot' | 'historyPeaks'>

/** Below this a log is not cleaned: it is read in less than a second. */
const cleanedBytesMin = 32 * 1_048_576
/** A log is cleaned when it is this many times as long as what is live in it. */
const cleanedFactor = 3
/** Live images written with a block, in multiples of its own changes: above 1, so that a growing state is caught up with. */
const cleaningPace = 2
const cleaningBytesMin = 65_536
/** What a log has of each record that lives, images that are stale included. */
const loggedBytesTypical = 400

export interface StateLogOptions {
  readonly directory: string
  readonly ledger: LedgerId
  /** Makes durable, up to the newest block, everything beside this log that a start needs. */
  readonly syncOthers: () => Promise<void>
  readonly cleanedBytesMin?: number
}

/**
 * What every block changed in the state, so that a start reads it in order and has the state in memory again.
 *
 * It is cleaned without a pause. Once the log is long, a new segment is begun, and every block also writes images of some
 * records that are live after it, from a cursor on, until the cursor has passed all. Then the segments before are deleted.
 *
 * Replaying what is left is right at every moment, since at the end of each block's record every record of the state has
 * its newest image or deletion in the log, and nothing stale comes behind it:
 * - an image is written with the block that made it, or, by the cursor, as the state is after a later block; so of two
 *   images of one record the later is the newer one, and the later wins;
 * - a deletion is written with the block that deleted, so behind every image of what it deletes; the cursor writes only what
 *   lives, so no image of a deleted record comes behind its deletion, unless it was made again;
 * - before the old segments go, the cursor has passed every record: one that lived all the while has an image in the new
 *   segments, one that was made or changed meanwhile has one from its block, and one that was deleted meanwhile has its
 *   deletion. A deletion whose images went with the old segments deletes nothing, which is harmless.
 *
 * A beginning of the log is the state of an earlier block only from the block on at which the cursor had passed all. The old
 * segments are therefore deleted after everything up to that block is durable, also in the files beside the log: then no
 * crash makes a start go back behind it.
 */
export class StateLog extends RecordLog {
  readonly #options: StateLogOptions
  #liveBytes = 0
  #walk: { readonly fromSegment: number; readonly cursor: number; readonly bytes: number } | undefined
  /** A walk that is complete, and what it wrote. */
  #walked: { readonly fromSegment: number } | undefined
  #dropping: Promise<void> | undefined
  #failed: Error | undefined

  private constructor(log: UnsyncedLog, options: StateLogOptions) {
    super(log, 0)
    this.#options = options
  }

  /** @throws {StorageError} if a file is damaged, or of another format or ledger. */
  static async open(options: StateLogOptions): Promise<StateLog> {
    const { directory, ledger } = options
    return new StateLog(await RecordLog.openLog({ directory, ledger, name: 'state', version: 2 }), options)
  }

  /**
   * The newest block's head, and all images up to it in the order in which they were written.
   * @throws {StorageError} also while the images are taken.
   */
  read(): { readonly head: StateHead; readonly images: Iterable<Uint8Array>; readonly recordsExpected: number } {
    const newest = this.newestRecord()
    if (newest === undefined) throw new RangeError('an empty log has no state')
    const { head } = partsOf(newest.record)
    this.#liveBytes = head.liveBytes
    return { head, images: imagesOf(this.log), recordsExpected: Math.floor(this.log.bytes / loggedBytesTypical) }
  }

  /**
   * Writes a block's changes, which the ledger has ready, and cleans a little. Everything beside this log has been written up
   * to the block before; what a walk made superfluous goes with the block after its last, since that one must be complete.
   */
  append(state: BlockState, ledger: Pick<Ledger, 'changeImages' | 'liveImages'>): void {
    if (this.#failed !== undefined) throw this.#failed
    const changes = ledger.changeImages()
    if (this.#walked !== undefined) this.#drop(this.#walked.fromSegment)
    else this.#beginWalk()
    const walk = this.#walk
    const bytesTarget = Math.max(cleaningBytesMin, cleaningPace * changes.length)
    const live = walk === undefined ? undefined : ledger.liveImages(walk.cursor, bytesTarget)
    const head = encode(stateHead, { ...state, liveBytes: this.#liveBytes, changesBytes: changes.length })
    this.log.append(head, changes, ...(live === undefined ? [] : [live.images]))
    if (walk === undefined || live === undefined) return
    const bytes = walk.bytes + live.images.length
    if (live.next !== undefined) this.#walk = { ...walk, cursor: live.next, bytes }
    else {
      this.#walk = undefined
      this.#walked = walk
      this.#liveBytes = bytes
    }
  }

  #beginWalk(): void {
    if (this.#walk !== undefined || this.#dropping !== undefined) return
    const bytesMin = this.#options.cleanedBytesMin ?? cleanedBytesMin
    if (this.log.bytes <= Math.max(bytesMin, cleanedFactor * this.#liveBytes)) return
    this.log.roll()
    this.#walk = { fromSegment: this.log.segments.at(-1)!, cursor: 0, bytes: 0 }
  }

  #drop(fromSegment: number): void {
    this.#walked = undefined
    this.#dropping = this.#dropBefore(fromSegment)
      .catch((error: Error) => {
        this.#failed = error
      })
      .finally(() => {
        this.#dropping = undefined
      })
  }

  async #dropBefore(segment: number): Promise<void> {
    await this.#options.syncOthers()
    await this.log.sync()
    this.log.dropBefore(segment)
  }

  override async close(): Promise<void> {
    await this.#dropping
    await super.close()
  }
}

function partsOf(record: Uint8Array): { head: StateHead; changes: Uint8Array; live: Uint8Array } {
  const reader = new Reader(record)
  const head = stateHead.read(reader)
  const changesEnd = reader.offset + head.changesBytes
  return { head, changes: record.subarray(reader.offset, changesEnd), live: record.subarray(changesEnd) }
}

function* imagesOf(log: UnsyncedLog): Iterable<Uint8Array> {
  for (const segment of log.segments) {
    for (const { record } of log.recordsOf(segment)) {
      const { changes, live } = partsOf(record)
      yield changes
      if (live.length > 0) yield live
    }
  }
}
