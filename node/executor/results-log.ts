import { decode, encode } from '@tallystick/core/codec'
import type { Hash } from '@tallystick/core/crypto'
import type { BlockItem, BlockResult } from '@tallystick/core/ledger'
import { type LedgerId, type ResultCode, resultOfNumber, results, type TransactionId } from '@tallystick/core/protocol'
import type { UnsyncedLog } from '../storage/index.ts'
import type { ItemPlace } from './block-items.ts'
import { ExecutorError } from './errors.ts'
import { LastUsed } from './last-used.ts'
import { PackedEnd, PackedReader, PackedWriter } from './packed-bytes.ts'
import type { EntryLinks } from './receipt-details.ts'
import { type IndexEntry, writeTransfersDetails, writeWholeDetails } from './receipt-details.ts'
import { RecordLog, recordBytesMax } from './record-log.ts'
import { type ResultsHead, resultsHead, rowAt, rowBytes } from './results-form.ts'

/** Before the head, which begins with the height. */
const headLengthBytes = 4
/** What a first read of a head, or of details, takes; most end before. */
const windowBytes = 512
const headsKept = 1_024

/** What is written of a block. */
export interface BlockResults {
  readonly head: Omit<ResultsHead, 'count'>
  readonly receipts: BlockResult['receipts']
  readonly items: readonly BlockItem[]
  readonly places: readonly ItemPlace[]
}

export interface ResultRow {
  readonly id: TransactionId
  readonly leaf: Hash
  readonly result: ResultCode
}

interface OpenHead {
  readonly head: ResultsHead
  readonly rowsAt: number
}

/** What came of every block: one record each, and any receipt or entry of it by one positioned read. Nothing is ever deleted. */
export class ResultsLog extends RecordLog {
  readonly #writer = new PackedWriter(1_048_576)
  readonly #heads = new LastUsed<number, OpenHead>(headsKept)

  private constructor(log: UnsyncedLog) {
    super(log, headLengthBytes)
  }

  /** @throws {StorageError} if a file is damaged, or of another format or ledger. */
  static async open(directory: string, ledger: LedgerId): Promise<ResultsLog> {
    return new ResultsLog(await RecordLog.openLog({ directory, ledger, name: 'results', version: 3 }))
  }

  /**
   * Writes a block's results, and links each entry to the one before of its position.
   * @returns the place of the record.
   */
  append({ head, receipts, items, places }: BlockResults, links: EntryLinks, indexEntry: IndexEntry): number {
    const writer = this.#writer
    const recordAt = this.log.nextPlace()
    writer.length = 0
    const encoded = encode(resultsHead, { ...head, count: receipts.length })
    writer.set(Uint8Array.from([0, 8, 16, 24], (shift) => encoded.length >>> shift))
    writer.set(encoded)
    const rowsAt = writer.skip(receipts.length * rowBytes)
    for (const [index, receipt] of receipts.entries()) {
      const detailsAt = writer.length
      const { ordinal } = receipt
      const item = ordinal === undefined ? undefined : items[ordinal]
      const place = ordinal === undefined || head.files === undefined ? undefined : places[ordinal]
      const where = { recordAt, index, item, place }
      if (receipt.kind === 'whole') writeWholeDetails(writer, receipt, where, links, indexEntry)
      else writeTransfersDetails(writer, receipt, where, links, indexEntry)
      const { id, result } = receipt.kind === 'whole' ? receipt.receipt : receipt
      writeRow(writer.bytes, rowsAt + index * rowBytes, { id, leaf: receipt.leaf, result }, detailsAt)
    }
    return this.log.append(writer.view())
  }

  head(recordAt: number): ResultsHead {
    return this.#open(recordAt).head
  }

  /** A receipt's row, and where its details begin. */
  row(recordAt: number, index: number): ResultRow & { readonly detailsAt: number } {
    const bytes = this.#read(this.#open(recordAt).rowsAt + index * rowBytes, rowBytes)
    const distance = new DataView(bytes.buffer, bytes.byteOffset).getUint32(rowAt.details, true)
    return { ...readRow(bytes, 0), detailsAt: recordAt + distance }
  }

  rows(recordAt: number): ResultRow[] {
    const { head, rowsAt } = this.#open(recordAt)
    const bytes = this.#read(rowsAt, head.count * rowBytes)
    return Array.from({ length: head.count }, (_, index) => readRow(bytes, index * rowBytes))
  }

  /** The leaves of the block's receipts root, 32 bytes each. */
  leaves(recordAt: number): Uint8Array {
    const { head, rowsAt } = this.#open(recordAt)
    const bytes = this.#read(rowsAt, head.count * rowBytes)
    const leaves = new Uint8Array(32 * head.count)
    for (let index = 0; index < head.count; index++) {
      const at = index * rowBytes + rowAt.leaf
      leaves.set(bytes.subarray(at, at + 32), 32 * index)
    }
    return leaves
  }

  #open(recordAt: number): OpenHead {
    return this.#heads.getOrMake(recordAt, () => {
      const length = new DataView(this.#read(recordAt, headLengthBytes).buffer).getUint32(0, true)
      if (length > recordBytesMax) throw damaged(recordAt)
      const head = decode(resultsHead, this.#read(recordAt + headLengthBytes, length))
      return { head, rowsAt: recordAt + headLengthBytes + length }
    })
  }

  #read(place: number, length: number): Uint8Array {
    const bytes = this.log.read(place, length)
    if (bytes.length < length) throw damaged(place)
    return bytes
  }

  /**
   * Reads packed bytes from a place on, which say themselves where they end.
   * @throws {ExecutorError} `STORE_DAMAGED` if they don't.
   */
  parse<T>(place: number, read: (reader: PackedReader) => T): T {
    for (let window = windowBytes; ; window *= 8) {
      const bytes = this.log.read(place, window)
      try {
        return read(new PackedReader(bytes))
      } catch (error) {
        if (!(error instanceof PackedEnd) || bytes.length < window) throw damaged(place)
      }
    }
  }
}

function damaged(place: number): ExecutorError {
  return new ExecutorError('STORE_DAMAGED', `results at place ${place}`)
}

function writeRow(bytes: Uint8Array, at: number, { id, leaf, result }: ResultRow, detailsAt: number): void {
  bytes.set(id, at + rowAt.id)
  bytes.set(leaf, at + rowAt.leaf)
  bytes[at + rowAt.result] = results[result].number
  for (let i = 0; i < 4; i++) bytes[at + rowAt.details + i] = detailsAt >>> (8 * i)
}

function readRow(bytes: Uint8Array, at: number): ResultRow {
  return {
    id: bytes.slice(at + rowAt.id, at + rowAt.id + 32) as TransactionId,
    leaf: bytes.slice(at + rowAt.leaf, at + rowAt.leaf + 32),
    result: resultOfNumber(bytes[at + rowAt.result]!),
  }
}
