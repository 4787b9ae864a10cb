import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decode } from '@tallystick/core/codec'
import { finalityProof, ledgerOf } from '@tallystick/core/protocol'
import type { BlockFilesPort } from '../application/index.ts'
import type { NodeHome } from '../config/index.ts'
import type { BatchLogPort } from '../mempool/index.ts'
import type { JournalPort, ReservationPort } from '../simplex/index.ts'
import {
  BatchStore,
  BlockStore,
  type CutTail,
  lockConsensusKey,
  lockHome,
  openJournal,
  openKeyUse,
  openReservation,
} from '../storage/index.ts'
import { StopList } from './stop-list.ts'

/** A home's files, open and locked. */
export interface NodeFiles {
  readonly blocks: BlockFilesPort
  readonly batches: BatchLogPort
  readonly journal: JournalPort
  readonly reservation: ReservationPort
  /** Where the executor keeps its store, and where it reads transactions. */
  readonly stateDirectory: string
  readonly blocksDirectory: string
  close(): Promise<void>
}

/** The view of the newest stored finalization: nothing at or below it is signed again. */
function floorOf(store: BlockStore): { epoch: number; view: number } | undefined {
  for (let { height } = store; height > 0; height--) {
    const finality = store.read(height)?.finality
    if (finality !== undefined) return decode(finalityProof, finality).proposal
  }
  return undefined
}

/**
 * Locks a home and opens its files; what a crash left half-written is cut, and told through `log`.
 * @throws {StorageError} if the home is in use, or a file damaged or of another ledger.
 */
export async function openFiles(
  { config, genesis, consensusKey }: NodeHome,
  log: (line: string) => void,
): Promise<NodeFiles> {
  const ledger = ledgerOf(genesis)
  const { directory } = config.storage
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const stops = new StopList()
  const onCut = (cut: CutTail): void => log(`cut an unfinished last record: ${cut.file} from byte ${cut.offset}`)
  try {
    const home = await lockHome(config.home)
    stops.add(() => home.release())
    if (consensusKey !== undefined) {
      const key = await lockConsensusKey(consensusKey.publicKey)
      stops.add(() => key.release())
    }
    const blocksDirectory = join(directory, 'blocks')
    const blocks = await BlockStore.open({ directory: blocksDirectory, ledger, onCut })
    stops.add(() => blocks.close())
    const batches = await BatchStore.open({ directory: join(directory, 'batches'), ledger, onCut })
    stops.add(() => batches.close())
    const reservation = await openReservation(join(directory, 'reservation'), ledger)
    const use = consensusKey && (await openKeyUse(join(config.home, 'consensus-keys-used'), consensusKey.publicKey))
    const isGone = use?.isUsed === true && reservation.read() === undefined
    const floor = floorOf(blocks)
    const journal = await openJournal({
      directory: join(directory, 'journal'),
      ledger,
      reservation: reservation.read(),
      reservationLost: reservation.damaged || isGone,
      ...(floor && { floor: { epoch: floor.epoch, view: floor.view } }),
      onCut,
      onLost: () => log('alarm JOURNAL_LOST: the journal is gone; nothing is signed in views up to the reservation'),
    })
    stops.add(() => journal.close())
    return {
      blocks,
      batches,
      journal,
      reservation: {
        read: () => reservation.read(),
        async raise(to) {
          await use?.note()
          await reservation.raise(to)
        },
      },
      stateDirectory: join(directory, 'state'),
      blocksDirectory,
      close: () => stops.stop(),
    }
  } catch (error) {
    await stops.stop().catch(() => {})
    throw error
  }
}
