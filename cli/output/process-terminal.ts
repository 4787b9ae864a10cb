import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Terminal } from './terminal.ts'

/** Takes the prompt and swallows what is typed. */
function mutedOutput(): Writable & { muted: boolean } {
  const output = Object.assign(
    new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        if (!output.muted) process.stderr.write(chunk)
        done()
      },
    }),
    { muted: false },
  )
  return output
}

function ask(question: string, hidden: boolean): Promise<string | undefined> {
  const output = mutedOutput()
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  return new Promise((resolve) => {
    lines.once('SIGINT', () => {
      lines.close()
      process.kill(process.pid, 'SIGINT')
    })
    lines.once('close', () => resolve(undefined))
    lines.question(question, (answer) => {
      if (hidden) process.stderr.write('\n')
      resolve(answer)
      lines.close()
    })
    output.muted = hidden
  })
}

/** The terminal of this process. Questions go to the error stream, so that output can be piped. */
export function processTerminal(): Terminal {
  return {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    isInteractive: process.stdout.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    ask: async (question, { hidden }) =>
      process.stdin.isTTY && process.stderr.isTTY ? ask(question, hidden) : undefined,
  }
}
