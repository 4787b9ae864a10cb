import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { decode, encode, equalBytes, fixedBytes, safeU64, struct, u16 } from '@tallystick/core/codec'
import { makeDirectory, readBytes, removeUnfinished, writeFileAtomic } from './atomic-file.ts'
import { StorageError, systemCode } from './errors.ts'

export interface ReservedView {
  readonly epoch: number
  readonly view: number
}

/** Nothing is signed in views above what is reserved here, so a lost journal leaves a known bound (spec/consensus.md §7). */
export interface Reservation {
  /** `undefined` if nothing was ever reserved, or the file can't be relied on. */
  read(): ReservedView | undefined
  /** The file was there and did not match its checksum. */
  readonly damaged: boolean
  /** Resolves when it is durable. A lower one than before changes nothing. */
  raise(to: ReservedView): Promise<void>
}

const magic = new TextEncoder().encode('tallystick')
const formatVersion = 1
const reservationFile = struct({
  magic: fixedBytes(10),
  version: u16,
  ledger: fixedBytes(32),
  epoch: safeU64,
  view: safeU64,
})

function encodeReservation(ledger: Uint8Array, { epoch, view }: ReservedView): Uint8Array[] {
  const bytes = encode(reservationFile, { magic, version: formatVersion, ledger, epoch, view })
  const checksum = new Uint8Array(4)
  new DataView(checksum.buffer).setUint32(0, crc32(bytes), true)
  return [bytes, checksum]
}

function decodeReservation(file: string, bytes: Uint8Array, ledger: Uint8Array): ReservedView | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const body = bytes.subarray(0, Math.max(bytes.length - 4, 0))
  if (body.length < 12 || view.getUint32(body.length, true) !== crc32(body)) return undefined
  const version = view.getUint16(10, true)
  if (version > formatVersion) throw new StorageError('STORAGE_FORMAT_NEWER', { file })
  const fields = decode(reservationFile, body)
  if (!equalBytes(fields.ledger, ledger)) throw new StorageError('STORAGE_WRONG_LEDGER', { file })
  return { epoch: fields.epoch, view: fields.view }
}

function isHigher(a: ReservedView, b: ReservedView | undefined): boolean {
  return b === undefined || a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view)
}

/**
 * Also deletes what a crash within an earlier write left beside the file.
 * @throws {StorageError} if the file is of another ledger or a newer format, or can't be read or written at all.
 */
export async function openReservation(file: string, ledger: Uint8Array): Promise<Reservation> {
  let current: ReservedView | undefined
  let damaged = false
  const write = async (to: ReservedView): Promise<void> => {
    try {
      await writeFileAtomic(file, encodeReservation(ledger, to), { mode: 0o600 })
    } catch (cause) {
      throw new StorageError('STORAGE_SYNC_FAILED', { file, cause })
    }
  }
  try {
    await removeUnfinished(file)
    current = decodeReservation(file, await readBytes(file), ledger)
    damaged = current === undefined
  } catch (error) {
    if (error instanceof StorageError) throw error
    if (systemCode(error) !== 'ENOENT') {
      throw new StorageError('STORAGE_UNREADABLE', { file, detail: String(systemCode(error)), cause: error })
    }
    await makeDirectory(dirname(file))
  }
  // After a failed sync only the page cache may have held it: written again, it is durable before it is relied on.
  if (current !== undefined) await write(current)
  let queue = Promise.resolve()
  return {
    damaged,
    read: () => current,
    raise(to) {
      queue = queue.then(async () => {
        if (!isHigher(to, current)) return
        await write(to)
        current = to
      })
      return queue
    },
  }
}
