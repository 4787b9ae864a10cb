import { rm } from 'node:fs/promises'
import { type Genesis, ledgerOf } from '@tallystick/core/protocol'
import { loadNodeHome } from '../config/index.ts'
import { type ExecutorHandle, type ExecutorPlace, startExecutor } from '../executor/index.ts'
import { startVerifierPool } from '../verifier/index.ts'
import { settleCollector } from './collector.ts'
import { openFiles } from './files.ts'
import { joinParts } from './join-parts.ts'
import { openNetwork } from './open-network.ts'
import { StopList } from './stop-list.ts'

export interface StartOptions {
  readonly home: string
  /** One line for each event that an operator should see. */
  readonly log: (line: string) => void
  /** The node can't go on. It has stopped itself; the process should end with a failure. */
  readonly onFatal: (error: Error) => void
}

export interface RunningNode {
  readonly name: string
  readonly apiUrl: string
  stop(): Promise<void>
}

/**
 * Opens the store of executed state. One that is ahead of the stored blocks (their last record was damaged and cut, or they were
 * moved aside) is derived from what is not here: it is built anew from the blocks, and those that the peers send.
 */
async function openExecutor(
  genesis: Genesis,
  place: ExecutorPlace,
  blocksHeight: number,
  log: (line: string) => void,
  fail: (error: Error) => void,
): Promise<ExecutorHandle> {
  const executor = await startExecutor(genesis, place, fail)
  if (executor.openedHeight <= blocksHeight) return executor
  log(`the executed state is at height ${executor.openedHeight}, the blocks end at ${blocksHeight}: it is built anew`)
  await executor.close()
  await rm(place.directory, { recursive: true, force: true })
  return startExecutor(genesis, place, fail)
}

/**
 * Starts a node from its home: files and locks first, then the executor, the network, consensus, and the API last, so that
 * whatever answers is ready to.
 * @throws {ConfigError | KeyError | StorageError | NetworkError | ExecutorError | ExecutorFailure} with a stable code.
 */
export async function startNode(options: StartOptions): Promise<RunningNode> {
  const stops = new StopList()
  let failed = false
  const fail = (error: Error): void => {
    if (failed) return
    failed = true
    // What fails in stopping mostly follows from what failed before, and must not hide it.
    const stopped = stops.stop().catch((also: AggregateError) => {
      for (const each of also.errors) options.log(`not stopped cleanly: ${(each as Error).message}`)
    })
    void stopped.then(() => options.onFatal(error))
  }
  try {
    settleCollector()
    const home = await loadNodeHome(options.home)
    const files = await openFiles(home, options.log)
    stops.add(() => files.close())
    const ledger = ledgerOf(home.genesis)
    const verifier = startVerifierPool({ ledger, block: home.genesis.parameters.block }, fail)
    stops.add(() => verifier.stop())
    const { cacheBytesMax } = home.config.storage
    const { stateDirectory: directory, blocksDirectory } = files
    const place = { directory, blocksDirectory, cacheBytes: cacheBytesMax }
    const executor = await openExecutor(home.genesis, place, files.blocks.height, options.log, fail)
    stops.add(() => executor.close())
    const network = openNetwork(home, options.log)
    stops.add(() => network.stop())
    return await joinParts({ home, files, verifier, executor, network, stops, log: options.log, fail })
  } catch (error) {
    await stops.stop().catch(() => {})
    throw error
  }
}
