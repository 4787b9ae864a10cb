import { createHash } from 'node:crypto'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StorageError, type StorageErrorCode, systemCode } from './errors.ts'

/** Held until `release`, or until the process ends in whatever way. */
export interface Lock {
  release(): Promise<void>
}

const answerTimeoutMs = 1_000

/**
 * A name that only one process can listen on, and that the system frees when the process ends: an abstract socket on Linux, a
 * pipe on Windows. Elsewhere it is a socket file, which is taken over if nobody answers.
 */
function socketPath(key: string): { path: string; isFile: boolean } {
  const name = `tallystick-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`
  if (process.platform === 'linux') return { path: `\0${name}`, isFile: false }
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\${name}`, isFile: false }
  return { path: join(tmpdir(), `${name}.sock`), isFile: true }
}

function listen(path: string, holder: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      // Who asks and does not hang up must not delay the release.
      socket.end(holder, () => socket.destroySoon())
    })
    server.once('error', reject)
    server.listen({ path }, () => {
      // The lock alone keeps no process alive.
      server.unref()
      resolve(server)
    })
  })
}

/** What the holder says of itself; `undefined` if it does not answer. */
function askHolder(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ path })
    const done = (value: string | undefined): void => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(answerTimeoutMs, () => done(undefined))
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (answer.length > 4_096) done(undefined)
    })
    socket.on('error', () => done(undefined))
    socket.on('end', () => done(answer))
  })
}

async function hold(key: string, code: StorageErrorCode, file: string): Promise<Lock> {
  const { path, isFile } = socketPath(key)
  const holder = `process ${process.pid}`
  let server: Server
  try {
    server = await listen(path, holder)
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') {
      throw new StorageError('STORAGE_UNREADABLE', { file, detail: String(systemCode(error)), cause: error })
    }
    const other = await askHolder(path)
    if (other !== undefined || !isFile) {
      const known = other !== undefined && /^process \d{1,10}$/.test(other)
      throw new StorageError(code, known ? { file, detail: other } : { file })
    }
    await rm(path, { force: true })
    server = await listen(path, holder)
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

/**
 * Makes this the only process on a home, whatever path it is reached by.
 * @throws {StorageError} `HOME_IN_USE`, with the holder's process id if it tells.
 */
export async function lockHome(home: string): Promise<Lock> {
  let real: string
  try {
    real = await realpath(home)
  } catch (cause) {
    throw new StorageError('STORAGE_UNREADABLE', { file: home, detail: String(systemCode(cause)), cause })
  }
  return hold(`home ${real}`, 'HOME_IN_USE', home)
}

/**
 * Makes this the only process on the machine that votes with a key: two homes with copies of one key would sign contradictions.
 * @throws {StorageError} `CONSENSUS_KEY_IN_USE`.
 */
export function lockConsensusKey(publicKey: Uint8Array): Promise<Lock> {
  const key = Buffer.from(publicKey).toString('hex')
  return hold(`consensus key ${key}`, 'CONSENSUS_KEY_IN_USE', `consensus key ${key.slice(0, 16)}…`)
}
