import type { LedgerId } from '@tallystick/core/protocol'
import { type PlacedRecord, UnsyncedLog } from '../storage/index.ts'

const segmentBytesMax = 64 * 1_048_576
/** What is kept of a block is some multiple of its transactions, which the protocol bounds. */
export const recordBytesMax = 512 * 1_048_576

interface RecordLogPlace {
  readonly directory: string
  readonly ledger: LedgerId
  readonly name: string
  /** Of the records' form. */
  readonly version: number
}

/** A log of the store, with one record a block, in the order of heights. */
export abstract class RecordLog {
  protected readonly log: UnsyncedLog
  readonly #heightAt: number

  /** @param heightAt - Where the height stands in every record: eight bytes, little-endian. */
  protected constructor(log: UnsyncedLog, heightAt: number) {
    this.log = log
    this.#heightAt = heightAt
  }

  /** @throws {StorageError} if a file is damaged, or of another format or ledger. */
  protected static openLog({ directory, ledger, name, version }: RecordLogPlace): Promise<UnsyncedLog> {
    return UnsyncedLog.open({ directory, name, format: { name, version }, ledger, segmentBytesMax, recordBytesMax })
  }

  /** Of the newest block; `undefined` if the log is empty. @throws {StorageError} */
  get newestHeight(): number | undefined {
    const newest = this.newestRecord()
    return newest && this.#heightOf(newest.record)
  }

  get bytes(): number {
    return this.log.bytes
  }

  /** Cuts everything behind a height. @returns whether the log has that height; it is as it was if not. */
  cutBehind(height: number): boolean {
    const found = this.newestRecord(height)
    if (found === undefined || this.#heightOf(found.record) !== height) return false
    this.log.cutAfter(found)
    return true
  }

  clear(): void {
    this.log.clear()
  }

  sync(): Promise<void> {
    return this.log.sync()
  }

  close(): Promise<void> {
    return this.log.close()
  }

  /** The newest record at or below a height; of later ones only the height is looked at. */
  protected newestRecord(atMost = Number.POSITIVE_INFINITY): PlacedRecord | undefined {
    for (const segment of this.log.segments.reverse()) {
      const found = this.log.recordsOf(segment).findLast(({ record }) => this.#heightOf(record) <= atMost)
      if (found !== undefined) return found
    }
    return undefined
  }

  #heightOf({ buffer, byteOffset }: Uint8Array): number {
    return Number(new DataView(buffer, byteOffset + this.#heightAt, 8).getBigUint64(0, true))
  }
}
