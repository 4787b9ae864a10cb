import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeOwnerOnlyFile } from '@tallystick/node/keys'
import { homePaths } from '../context.ts'
import { isRunning, type ProcessIdentity } from './process-identity.ts'

/** The processes of a network that was started: `run/network.json`. */
export interface RunState {
  readonly version: 1
  readonly startedMs: number
  /** Ends its nodes itself (`npm start`), or leaves them running (`network start`). */
  readonly owner: ProcessIdentity
  readonly nodes: readonly RunningNode[]
}

export interface RunningNode extends ProcessIdentity {
  readonly name: string
}

const statePath = (home: string): string => join(homePaths.run(home), 'network.json')

function isState(value: unknown): value is RunState {
  if (typeof value !== 'object' || value === null) return false
  const { version, owner, nodes } = value as Partial<RunState>
  return version === 1 && typeof owner === 'object' && Array.isArray(nodes)
}

/** What was recorded; `undefined` if nothing, or nothing readable: then no process is known to be ours. */
export async function readRunState(home: string): Promise<RunState | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(statePath(home), 'utf8'))
    return isState(value) ? value : undefined
  } catch {
    return undefined
  }
}

export async function writeRunState(home: string, state: RunState): Promise<void> {
  await writeOwnerOnlyFile(statePath(home), `${JSON.stringify(state, null, 2)}\n`, { replace: true })
}

export async function clearRunState(home: string): Promise<void> {
  await rm(statePath(home), { force: true })
}

/** The recorded nodes that run now. */
export async function runningNodes(home: string): Promise<RunningNode[]> {
  const state = await readRunState(home)
  return state === undefined ? [] : state.nodes.filter(isRunning)
}
