import { loadNodeHome } from '@tallystick/node/config'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError, describeFailure } from '../errors.ts'

/** Resolves when the person or the starter ends the node. */
function untilEnded(signal: AbortSignal, followStdin: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (!followStdin) return
    process.stdin.resume()
    process.stdin.once('end', resolve)
    process.stdin.once('error', resolve)
  })
}

/** The fault of the system behind an error, such as a port that is in use. */
function portInUse(error: unknown): number | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && at.code === 'EADDRINUSE' && 'port' in at) return Number(at.port)
  }
  return undefined
}

/** A promise that only ever fails, once the node says that it can't go on. */
function deferredFailure(): { readonly promise: Promise<never>; readonly fail: (error: Error) => void } {
  let fail: (error: Error) => void = () => {}
  const promise = new Promise<never>((_, reject) => {
    fail = reject
  })
  promise.catch(() => {})
  return { promise, fail: (error) => fail(error) }
}

export function nodeStartCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'start',
    summary: 'run one node in the foreground; --home is the folder with its node.json',
    example: 'node start --home .tallystick/nodes/node-1',
  }
  interface Options {
    readonly followStdin?: boolean
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options) => {
    const { home, output, signal, terminal } = context
    const { startNode } = await import('@tallystick/node')
    // Opening the home asks for a passphrase where one is needed; the node takes it from the environment.
    await loadNodeHome(home, context.passphrase)
    Object.assign(process.env, await context.passphraseEnvironment())
    const fatal = deferredFailure()
    const node = await startNode({
      home,
      log: (line) => terminal.writeError(`${new Date().toISOString()} ${line}\n`),
      onFatal: fatal.fail,
    }).catch((error: unknown) => {
      const port = portInUse(error)
      if (port === undefined) throw error
      throw new CliError('NETWORK_PORT_IN_USE', `port ${port} is in use`, { port })
    })
    output.result({ home, name: node.name, apiUrl: node.apiUrl }, [
      `${node.name} runs: ${node.apiUrl}`,
      'Ctrl-C ends it.',
    ])
    await Promise.race([untilEnded(signal, options.followStdin === true), fatal.promise]).catch((error: unknown) => {
      const { code, message } = describeFailure(error)
      throw new CliError('NODE_STOPPED', `the node stopped itself: ${code}: ${message}`, { cause: code })
    })
    await node.stop()
  }).option('--follow-stdin', 'end when the standard input ends')
}
