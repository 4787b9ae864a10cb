import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, equalBytes, toHex } from '@tallystick/core/codec'
import { block, type ExecutedRoots, type Genesis } from '@tallystick/core/protocol'
import { loadNodeHome } from '../config/index.ts'
import { type ExecutorHandle, type ExecutorPlace, startExecutor } from '../executor/index.ts'
import { type NodeFiles, openFiles } from './files.ts'

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

/** Runs what uses an executor, and fails as its thread does. */
async function withExecutor<T>(
  genesis: Genesis,
  place: ExecutorPlace,
  use: (executor: ExecutorHandle) => Promise<T>,
): Promise<T> {
  // A failure of the thread fails whatever is asked of it.
  const executor = await startExecutor(genesis, place, () => {})
  try {
    return await use(executor)
  } finally {
    await executor.close()
  }
}

function storedRoots(genesis: Genesis, place: ExecutorPlace): Promise<ExecutedRoots | undefined> {
  return withExecutor(genesis, place, (executor) => executor.query('rootsAt', executor.openedHeight))
}

interface Executed {
  readonly receipts: number
  /** After the last block. */
  readonly roots: ExecutedRoots
  readonly confirmedHeight: number
}

/** @throws {ReplayError} */
async function executeAll(
  executor: ExecutorHandle,
  blocks: NodeFiles['blocks'],
  onProgress: (height: number, of: number) => void,
): Promise<Executed> {
  const end = blocks.height
  let roots = (await executor.query('rootsAt', 0))!
  const own = new Map([[0, roots]])
  let receipts = 0
  let confirmedHeight = 0
  for (let height = 1; height <= end; height++) {
    const record = blocks.read(height)!
    const { executed } = decode(block, record.block).header
    confirm(executed, own.get(executed.height)!, height)
    for (; confirmedHeight < executed.height; confirmedHeight++) own.delete(confirmedHeight)
    const report = await executor.execute(record)
    roots = report.roots
    own.set(height, roots)
    receipts += report.results.length
    if (height % 100 === 0) onProgress(height, end)
  }
  return { receipts, roots, confirmedHeight }
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
    const { genesis } = loaded
    const anew = { directory, blocksDirectory, cacheBytes }
    const executed = await withExecutor(genesis, anew, (executor) => executeAll(executor, files.blocks, onProgress))
    const { receipts, roots, confirmedHeight } = executed
    const stored = await storedRoots(genesis, { directory: stateDirectory, blocksDirectory, cacheBytes })
    const { height } = roots
    const agrees =
      stored !== undefined && stored.height === height ? equalBytes(stored.stateRoot, roots.stateRoot) : undefined
    const { stateRoot, historyRoot } = { stateRoot: toHex(roots.stateRoot), historyRoot: toHex(roots.historyRoot) }
    return { blocks: height, receipts, height, stateRoot, historyRoot, confirmedHeight, storeAgrees: agrees }
  } finally {
    await rm(directory, { recursive: true, force: true })
    await files.close()
  }
}
