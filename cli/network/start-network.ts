import { setTimeout as delay } from 'node:timers/promises'
import { type LocalNetwork, loadNodeHome } from '@tallystick/node/config'
import type { Context } from '../context.ts'
import { CliError, interruption } from '../errors.ts'
import { nodeOptions } from './node-options.ts'
import { failureInLog, type NodeProcess, spawnNode, stopProcesses } from './node-process.ts'
import { checkPorts } from './ports.ts'
import { identityOf, isRunning } from './process-identity.ts'
import { clearRunState, readRunState, runningNodes, writeRunState } from './run-state.ts'
import { lockHome } from './start-lock.ts'

const readyMaxMs = 60_000
const pollMs = 50
const requestMaxMs = 2_000
/** How long the children of a starter that was killed may take to end. */
const orphansMaxMs = 15_000

/** A network that this process started. */
export interface StartedNetwork {
  readonly nodes: readonly NodeProcess[]
  /** Ends the nodes and forgets them. */
  stop(): Promise<void>
  /** Leaves the nodes running. */
  release(): Promise<void>
}

/** Nodes whose starter was killed end by themselves; others are somebody's running network. */
async function checkNotRunning(home: string): Promise<void> {
  const deadline = performance.now() + orphansMaxMs
  for (;;) {
    const nodes = await runningNodes(home)
    if (nodes.length === 0) return
    const owner = (await readRunState(home))?.owner
    const isLeft = owner !== undefined && !isRunning(owner)
    if (!isLeft || performance.now() > deadline) {
      const pids = nodes.map((node) => node.pid)
      throw new CliError('NETWORK_RUNNING', `the network in ${home} runs already (processes ${pids.join(', ')})`, {
        pids,
      })
    }
    await delay(pollMs)
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(requestMaxMs) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

async function waitUntilReady(
  network: LocalNetwork,
  nodes: readonly NodeProcess[],
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + readyMaxMs
  const waiting = new Map(network.nodes.map((node, i) => [node.apiUrl, nodes[i]!]))
  while (waiting.size > 0) {
    if (signal.aborted) throw interruption()
    for (const [url, node] of waiting) {
      if (!isRunning(node)) {
        const told = failureInLog(node)
        const why = told === undefined ? '' : `: ${told.code}: ${told.message}`
        throw new CliError('NODE_START_FAILED', `${node.name} ended${why} (log: ${node.logPath})`, {
          node: node.name,
          cause: told?.code,
        })
      }
      if (await isReady(url)) waiting.delete(url)
    }
    if (waiting.size > 0 && performance.now() > deadline) {
      const late = [...waiting.values()].map((node) => node.name)
      throw new CliError('NETWORK_NOT_READY', `not ready after ${readyMaxMs / 1_000} s: ${late.join(', ')}`, {
        nodes: late,
      })
    }
    if (waiting.size > 0) await delay(pollMs)
  }
}

/**
 * Starts all validators of a home and waits until each is ready.
 * @param mode - `child`: they end with this process. `background`: they stay.
 * @throws {CliError} NETWORK_RUNNING, NETWORK_PORT_IN_USE, NODE_START_FAILED, NETWORK_NOT_READY; KeyError and ConfigError
 * of any node's home, before one is started.
 */
export async function startNetwork(
  context: Context,
  network: LocalNetwork,
  mode: 'child' | 'background',
): Promise<StartedNetwork> {
  const { home, signal } = context
  const unlock = await lockHome(home)
  const nodes: NodeProcess[] = []
  const stop = async (): Promise<void> => {
    await stopProcesses(nodes)
    await clearRunState(home)
    await unlock()
  }
  try {
    await checkNotRunning(home)
    for (const node of network.nodes) await loadNodeHome(node.home, context.passphrase)
    await checkPorts(network)
    const owner = identityOf(process.pid)
    if (owner === undefined) throw new CliError('INTERNAL', 'this process can not be found in /proc')
    const environment = await context.passphraseEnvironment()
    const options = nodeOptions(network.nodes.length)
    for (const node of network.nodes) {
      nodes.push(spawnNode(home, node, { mode, environment, options }))
      const running = nodes.map(({ name, pid, startTicks, bootId }) => ({ name, pid, startTicks, bootId }))
      await writeRunState(home, { version: 1, startedMs: Date.now(), owner, nodes: running })
    }
    await waitUntilReady(network, nodes, signal)
  } catch (error) {
    if (nodes.length > 0) await stop()
    else await unlock()
    throw error
  }
  return { nodes, stop, release: unlock }
}
