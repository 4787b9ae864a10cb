import { Presets, SingleBar } from 'cli-progress'
import type { Terminal } from './terminal.ts'

/** A piece of work whose parts are counted. */
export interface Progress {
  set(done: number, total?: number): void
  stop(): void
}

/** Without a terminal, a line at each tenth of the work. */
const linesOfWork = 10

/** A bar in a terminal, plain lines elsewhere, nothing with --json. */
export function startProgress(terminal: Terminal, json: boolean, label: string, total: number): Progress {
  if (json) return { set: () => {}, stop: () => {} }
  return terminal.isInteractive ? bar(label, total) : lines(terminal, label, total)
}

function bar(label: string, total: number): Progress {
  const shown = new SingleBar(
    {
      format: `${label.padEnd(10)} [{bar}] {value}/{total}`,
      stream: process.stdout,
      stopOnComplete: false,
      hideCursor: true,
    },
    Presets.shades_classic,
  )
  shown.start(total, 0)
  return {
    set: (done, newTotal) => {
      if (newTotal !== undefined) shown.setTotal(newTotal)
      shown.update(done)
    },
    stop: () => shown.stop(),
  }
}

function lines(terminal: Terminal, label: string, total: number): Progress {
  let all = total
  let told = -1
  return {
    set: (done, newTotal) => {
      all = newTotal ?? all
      const step = all === 0 ? linesOfWork : Math.floor((done * linesOfWork) / all)
      if (step === told) return
      told = step
      terminal.write(`${label} ${done}/${all}\n`)
    },
    stop: () => {},
  }
}
