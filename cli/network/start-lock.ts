import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyError, writeOwnerOnlyFile } from '@tallystick/node/keys'
import { homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts'

const attemptsMax = 3

/**
 * Makes this process the only one that starts nodes of the home. A lock whose process is gone is taken over.
 * @returns what gives the lock back.
 * @throws {CliError} NETWORK_RUNNING if another process holds it.
 */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  const path = join(homePaths.run(home), 'lock.json')
  const own = identityOf(process.pid)
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      await writeOwnerOnlyFile(path, `${JSON.stringify(own)}\n`, { replace: false })
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof KeyError) || error.code !== 'KEY_FILE_EXISTS') throw error
    }
    const holder = await readHolder(path)
    if (holder !== undefined && isRunning(holder)) {
      throw new CliError('NETWORK_RUNNING', `the network in ${home} was started by process ${holder.pid}`, {
        pid: holder.pid,
      })
    }
    await rm(path, { force: true })
  }
  throw new CliError('NETWORK_RUNNING', `another process starts the network in ${home}`)
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<ProcessIdentity>
    const { pid, startTicks, bootId } = value
    return pid !== undefined && startTicks !== undefined && bootId !== undefined
      ? { pid, startTicks, bootId }
      : undefined
  } catch {
    return undefined
  }
}
