import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, equalBytes, toHex } from '@tallystick/core/codec'
import { block, type ExecutedRoots } from '@tallystick/core/protocol'
import { loadNodeHome } from '../config/index.ts'
import { Executor, type ExecutorPlace } from '../executor/index.ts'
import { openFiles } from './files.ts'

export interface ReplayReport {
  readonly blocks: number
  readonly receipts: number
  readonly height: number
  readonly stateRoot: string
  readonly historyRoot: string
  /** The newest height whose roots a stored header carries, and so the replay has confirmed. */
  readonly confirmedHeight: number
  /** Whether the node's own store of executed state ends in the same roots; `undefined` if it has none. */
  readonly storeAgrees: boolean | undefined
}

/** A stored header names other roots than the blocks before it lead to. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
  readonly code = 'REPLAY_ROOT_DIFFERS'
}

function confirm(executed: ExecutedRoots, own: ExecutedRoots, height: number): void {
  if (equalBytes(executed.stateRoot, own.stateRoot) && equalBytes(executed.historyRoot, own.historyRoot)) return
  throw new ReplayError(`block ${height} certifies other roots of height ${executed.height} than its blocks lead to`)
}

async function storedRoots(
  genesis: Parameters<typeof Executor.open>[0],
  place: ExecutorPlace,
): Promise<ExecutedRoots | undefined> {
  const executor = await Executor.open(genesis, place)
  try {
    return executor.rootsAt(executor.height)
  } finally {
    await executor.close()
  }
}

/**
 * Executes all stored blocks again from genesis, in a store of its own that is removed afterwards, and compares the roots
 * with those that the stored headers certify. The node must not be running.
 * @param onProgress - Called now and then with the height that was reached.
 * @throws {ReplayError} if a root differs; {StorageError} if the home is in use or a file damaged.
 */
export async function replayNode(
  home: string,
  onProgress: (height: number, of: number) => void = () => {},
): Promise<ReplayReport> {
  const loaded = await loadNodeHome(home)
  const files = await openFiles(loaded, () => {})
  const directory = await mkdtemp(join(tmpdir(), 'tallystick-replay-'))
  try {
    const { blocksDirectory, stateDirectory } = files
    const cacheBytes = 32 * 1_048_576
    const executor = await Executor.open(loaded.genesis, { directory, blocksDirectory, cacheBytes })
    const end = files.blocks.height
    let receipts = 0
    let confirmedHeight = 0
    for (let height = 1; height <= end; height++) {
      const record = files.blocks.read(height)!
      const { executed } = decode(block, record.block).header
      await executor.settled()
      confirm(executed, executor.rootsAt(executed.height)!, height)
      confirmedHeight = executed.height
      receipts += (await executor.execute(record)).results.length
      if (height % 100 === 0) onProgress(height, end)
    }
    await executor.settled()
    const roots = executor.rootsAt(executor.height)!
    await executor.close()
    const stored = await storedRoots(loaded.genesis, { directory: stateDirectory, blocksDirectory, cacheBytes })
    const agrees =
      stored !== undefined && stored.height === end ? equalBytes(stored.stateRoot, roots.stateRoot) : undefined
    const { stateRoot, historyRoot } = { stateRoot: toHex(roots.stateRoot), historyRoot: toHex(roots.historyRoot) }
    return { blocks: end, receipts, height: end, stateRoot, historyRoot, confirmedHeight, storeAgrees: agrees }
  } finally {
    await rm(directory, { recursive: true, force: true })
    await files.close()
  }
}
