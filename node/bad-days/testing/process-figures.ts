import { readFile } from 'node:fs/promises'

/** Of Linux, as the kernel tells its programs. */
const ticksPerSecond = 100

const sampleMs = 250

/** Watches the resident memory of processes. */
export class MemoryPeak {
  #peakMib = 0
  readonly #timer: NodeJS.Timeout

  constructor(pids: readonly number[]) {
    this.#timer = setInterval(async () => {
      for (const pid of pids) this.#peakMib = Math.max(this.#peakMib, await memoryMib(pid))
    }, sampleMs)
  }

  /** @returns the most that one of them had, MiB. */
  stop(): number {
    clearInterval(this.#timer)
    return this.#peakMib
  }
}

async function memoryMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1_024
}

/** Processor time that a process has used since its start, all threads, milliseconds. */
export async function processorMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}
