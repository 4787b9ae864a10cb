import { readFileSync } from 'node:fs'

/**
 * What tells a process from a later one with the same number: when it started, in clock ticks since the machine did,
 * and which start of the machine that was.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTicks: string
  readonly bootId: string
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The process of this number as it runs now (Linux: proc(5)); `undefined` if there is none, or only its remains. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`)
  // The name stands in brackets and may hold anything, so the fields are counted behind the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  if (startTicks === undefined || state === 'Z' || state === 'X') return undefined
  return { pid, startTicks, bootId: readOrEmpty('/proc/sys/kernel/random/boot_id').trim() }
}

/** Whether exactly this process still runs. A recycled number is another process and never taken for it. */
export function isRunning(process: ProcessIdentity): boolean {
  const now = identityOf(process.pid)
  return now !== undefined && now.startTicks === process.startTicks && now.bootId === process.bootId
}

/** Sends a signal if exactly this process still runs. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(target)) return
  try {
    process.kill(target.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
