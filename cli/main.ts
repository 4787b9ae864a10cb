import { exitCodes } from './exit-codes.ts'
import { processTerminal } from './output/process-terminal.ts'
import { run } from './program.ts'

/** A command that has not ended this long after Ctrl-C is cut off. */
const interruptionMaxMs = 20_000

const controller = new AbortController()

function interrupt(): void {
  if (controller.signal.aborted) process.exit(exitCodes.interrupted)
  controller.abort()
  setTimeout(() => process.exit(exitCodes.interrupted), interruptionMaxMs).unref()
}

process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)
process.on('SIGHUP', interrupt)
// A reader that goes away, such as `head`, ends the output and nothing else.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok)
})

/** A pipe takes what was written in its own time. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()))

const exit = await run(process.argv.slice(2), { terminal: processTerminal(), signal: controller.signal })
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(exit)
