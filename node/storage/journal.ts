import { bytes, decode, encode, type Infer, list, option, safeU64, struct, variant } from '@tallystick/core/codec'
import { AppendLog, type CutTail } from './append-log.ts'
import { StorageError } from './errors.ts'
import type { ReservedView } from './reservation.ts'

export const journalRecordBytesMax = 16 * 1_048_576
const turnRecordsMax = 1_048_576
const turnBytesMax = 32 * 1_048_576

const reservedView = struct({ epoch: safeU64, view: safeU64 })

/**
 * What one frame holds. The records of one turn are one frame, so after a crash a turn is there as a whole or not at all, and an
 * unfinished last write is exactly an incomplete last frame.
 */
const journalFrame = variant({
  turn: [1, struct({ records: list(bytes(journalRecordBytesMax), turnRecordsMax) })],
  /** Records are lost, some of which may have bound this key up to the reservation of that time (`undefined`: unknown). */
  loss: [2, struct({ reservation: option(reservedView) })],
})
type JournalFrame = Infer<typeof journalFrame>

export interface JournalOptions {
  readonly directory: string
  readonly ledger: Uint8Array
  /** What the reservation file says: `undefined` at a first start, and where that file can't be relied on. */
  readonly reservation: ReservedView | undefined
  /** That file is damaged or gone, so that nothing bounds what may have been signed. */
  readonly reservationLost?: boolean
  /** The view of the newest durable finalization: nothing at or below it is ever signed, so losses there are forgotten. */
  readonly floor?: ReservedView
  readonly segmentBytesMax?: number
  readonly onCut?: (cut: CutTail) => void
  /** The journal is gone, though views are reserved. */
  readonly onLost?: () => void
}

/** The consensus journal (spec/consensus.md §7): what binds this validator's key, in the order in which it came about. */
export interface Journal {
  /**
   * The records that were there when the journal was opened; they are handed over, a second call gets none. `damaged` as long as
   * records are missing that may forbid a vote above the floor, also in later starts.
   */
  read(): { records: Uint8Array[]; damaged: boolean }
  /** Resolves when the records are durable. They are one unit: all are there after a crash, or none. */
  append(records: readonly Uint8Array[]): Promise<void>
  /** Replaces the whole journal by these records, synced before the old files are deleted. */
  compact(live: readonly Uint8Array[]): Promise<void>
  close(): Promise<void>
}

function isBelow(view: ReservedView, floor: ReservedView | undefined): boolean {
  if (floor === undefined) return false
  return view.epoch < floor.epoch || (view.epoch === floor.epoch && view.view <= floor.view)
}

/** Records as frames of bounded size; few are more than one. */
function turnsOf(records: readonly Uint8Array[]): Uint8Array[] {
  const turns: Uint8Array[][] = []
  let size = turnBytesMax
  for (const record of records) {
    if (size + record.length > turnBytesMax || turns.at(-1)!.length === turnRecordsMax) {
      turns.push([])
      size = 0
    }
    turns.at(-1)!.push(record)
    size += record.length
  }
  return turns.map((turn) => encode(journalFrame, { kind: 'turn', records: turn }))
}

/**
 * Opens the journal by copying it into a new synced segment: nothing that only the page cache held is relied on.
 * @throws {StorageError} if the files belong to another ledger or format, or the disk fails; `JOURNAL_DAMAGED` if a record other
 * than the last is damaged; `CONSENSUS_KEY_UNSAFE` if the journal is damaged or gone and the reservation is lost too. The files stay as they are.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory, ledger, reservation, reservationLost = false, floor } = options
  let records: Uint8Array[] = []
  let loss: Extract<JournalFrame, { kind: 'loss' }> | undefined
  const noteLoss = (found: ReservedView | undefined): void => {
    const unknown = found === undefined || (loss !== undefined && loss.reservation === undefined)
    const higher = loss?.reservation !== undefined && found !== undefined && isBelow(found, loss.reservation)
    loss = { kind: 'loss', reservation: unknown ? undefined : higher ? loss!.reservation : found }
  }
  const unsafe = (detail: string, cause?: StorageError): StorageError =>
    new StorageError('CONSENSUS_KEY_UNSAFE', { file: directory, detail, cause })
  const opening = AppendLog.openCopied(
    {
      directory,
      name: 'journal',
      format: { name: 'journal', version: 1 },
      ledger,
      segmentBytesMax: options.segmentBytesMax ?? 64 * 1_048_576,
      recordBytesMax: turnBytesMax + journalRecordBytesMax,
      ...(options.onCut === undefined ? {} : { onCut: options.onCut }),
    },
    (frames, found) => {
      records = []
      for (const frame of frames) {
        const value = decode(journalFrame, frame)
        if (value.kind === 'turn') records.push(...value.records)
        else if (value.reservation === undefined || !isBelow(value.reservation, floor)) noteLoss(value.reservation)
      }
      if (!found && reservationLost) throw unsafe('the journal is gone, and so is what the reservation said')
      // Where views were reserved there was a journal, so a folder without one has lost it.
      if (!found && reservation !== undefined) {
        if (!isBelow(reservation, floor)) noteLoss(reservation)
        options.onLost?.()
      }
      return [...(loss === undefined ? [] : [encode(journalFrame, loss)]), ...turnsOf(records)]
    },
  )
  const log = await opening.catch((error: unknown) => {
    if (!(error instanceof StorageError) || error.code !== 'STORAGE_DAMAGED') throw error
    if (reservationLost) throw unsafe(error.message, error)
    throw new StorageError('JOURNAL_DAMAGED', { file: error.file, offset: error.offset, cause: error })
  })
  return {
    read() {
      const handed = records
      records = []
      return { records: handed, damaged: loss !== undefined }
    },
    append(added) {
      if (added.length === 0) return log.sync()
      log.append(turnsOf(added))
      return log.sync()
    },
    compact: (live) => log.replaceWith([...(loss === undefined ? [] : [encode(journalFrame, loss)]), ...turnsOf(live)]),
    close: () => log.close(),
  }
}
