import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Linux counts CPU time in hundredths of a second for every program, whatever the kernel's own clock. */
const tickUs = 10_000
const unnamed = ['node', 'MainThread']
/** Four that collect garbage and compile, and one that waits for signals; libuv's pool starts later. */
const v8Helpers = 5

/** User and system time of a process or thread, µs, and its name. */
function readStat(path) {
  const text = readFileSync(path, 'utf8')
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  return { name: text.slice(text.indexOf('(') + 1, end), cpuUs: (Number(fields[11]) + Number(fields[12])) * tickUs }
}

export function cpuUsOf(pid) {
  return readStat(`/proc/${pid}/stat`).cpuUs
}

export function residentBytesOf(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1_024
}

const looksMax = 50
const lookEveryMs = 10

/** Threads with an event loop wait in epoll; those of a pool wait for a lock. Undefined if it never waited. */
async function waitsInEventLoop(task) {
  for (let look = 0; look < looksMax; look++) {
    const call = readFileSync(`${task}/wchan`, 'utf8')
    if (call.includes('poll')) return true
    if (call.includes('futex')) return false
    await delay(lookEveryMs)
  }
  return undefined
}

/**
 * Names the threads of a node, which older versions of Node call all alike: they are told apart by what they wait in and
 * by the order in which Node starts them. Call it while the process has nothing to do.
 * @returns thread id → name
 */
export async function nameThreads(pid) {
  const names = new Map()
  let [pool, loops] = [0, 0]
  const tids = readdirSync(`/proc/${pid}/task`).map(Number)
  for (const tid of tids.sort((a, b) => a - b)) {
    const task = `/proc/${pid}/task/${tid}`
    const { name } = readStat(`${task}/stat`)
    if (tid === pid) names.set(tid, 'main')
    else if (!unnamed.includes(name)) names.set(tid, name)
    else if (await waitsInEventLoop(task)) names.set(tid, loops++ === 0 ? 'v8 timer' : `worker ${loops - 1}`)
    else names.set(tid, pool++ < v8Helpers ? 'gc and compiler' : 'libuv pool and database')
  }
  return names
}

/** @param names - Of `nameThreads`. @returns CPU µs by name. */
export function threadCpuUs(pid, names) {
  const sums = {}
  for (const tid of readdirSync(`/proc/${pid}/task`).map(Number)) {
    const name = names.get(tid) ?? 'other'
    try {
      sums[name] = (sums[name] ?? 0) + readStat(`/proc/${pid}/task/${tid}/stat`).cpuUs
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error
    }
  }
  return sums
}

/** Bytes that a folder takes on disk. */
export function bytesOnDisk(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.blocks * 512
  return readdirSync(path).reduce((sum, name) => {
    try {
      return sum + bytesOnDisk(join(path, name))
    } catch (error) {
      // A file that its owner removed meanwhile.
      if (error.code === 'ENOENT') return sum
      throw error
    }
  }, 0)
}
