import { relative } from 'node:path'
import type { LocalNetwork } from '@tallystick/node/config'
import type { Context } from '../context.ts'
import { type Connection, connect } from '../ledger/connect.ts'
import { existingOrNewNetwork } from '../network/local-home.ts'
import { type StartedNetwork, startNetwork } from '../network/start-network.ts'
import { importAndTell } from '../payments/import-and-tell.ts'
import { type ImportFlags, importOptionsOf } from '../payments/import-options.ts'
import { exampleFile } from './example-file.ts'
import { setUpLedger } from './set-up-ledger.ts'

export interface DemoFlags extends ImportFlags {
  /** The user's payment file, instead of the example. */
  readonly file?: string
  /** End the network after the job, instead of staying up. */
  readonly exit?: boolean
}

/**
 * The main job: creates the network once, starts its validators, sets the ledger up once, pays a file, verifies every
 * receipt, and stays up until Ctrl-C.
 * @throws {CliError} as `importAndTell`; the network is ended first.
 */
export async function runDemo(context: Context, flags: DemoFlags): Promise<void> {
  const { home, output } = context
  const network = await existingOrNewNetwork(context)
  output.line(
    `starting ${network.nodes.length} validators of ledger ${Buffer.from(network.ledger).toString('hex').slice(0, 16)}…`,
  )
  const started = await startNetwork(context, network, 'child')
  try {
    const connection = await connect(context, 'patient')
    output.line('setting the ledger up: currencies, banks, accounts')
    await setUpLedger(context, connection, network.createdMs)
    const example = await exampleFile(home, network.createdMs)
    const file = flags.file ?? example
    output.line(`paying ${relative(context.terminal.cwd, file) || file}`)
    output.line()
    await importAndTell(context, connection, importOptionsOf(context, connection, file, flags))
    if (flags.exit === true) return
    tellWhatNext(context, network, connection)
    await untilInterrupted(context, started)
  } finally {
    output.line('stopping the validators')
    await started.stop()
  }
}

function tellWhatNext({ output, home, terminal }: Context, { nodes }: LocalNetwork, { urls }: Connection): void {
  const shown = relative(terminal.cwd, home) || home
  const second = nodes[1]?.name ?? 'node-1'
  const lines = [
    '',
    'The network stays up; Ctrl-C stops it. Its nodes:',
    ...nodes.map(({ name }, i) => `  ${name}  ${urls[i]}  (${urls[i]}/openapi.json, ${urls[i]}/metrics)`),
    '',
    'Try in another terminal:',
    '  npx tallystick network status',
    '  npx tallystick payments status',
    "  npx tallystick payments reveal '#1' --fields creditor.name --out proof.json",
    `  npx tallystick receipt verify proof.json --genesis ${shown}/genesis.json`,
    '  npx tallystick account list --member alpine-bank',
    `  kill -9 the process of ${second}, pay again, then: npx tallystick node start --home ${shown}/nodes/${second}`,
    '  npx tallystick contract new my-contract (docs/contracts.md: a program on this ledger that acts by itself)',
    '  npm start again: the same file pays nothing twice',
  ]
  for (const line of lines) output.line(line)
}

/** Tells if a validator ends meanwhile: the others go on. */
function untilInterrupted({ signal, output }: Context, { nodes }: StartedNetwork): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    for (const { child, name, logPath } of nodes) {
      child.once('exit', (code, by) => {
        if (!signal.aborted) output.line(`${name} ended (${by ?? code}); its log is ${logPath}`)
      })
    }
  })
}
