import { type Command, Option } from 'commander'
import { type Context, type ContextOptions, createContext } from './context.ts'
import { createOutput } from './output/output.ts'
import type { Terminal } from './output/terminal.ts'

/** What the program hands to its commands. */
export interface Runtime {
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

export interface CommandShape {
  /** Name and arguments, as commander writes them: `show <address>`. */
  readonly name: string
  readonly summary: string
  /** Shown by --help. */
  readonly example: string
  /** Whether it talks to nodes, so that --node and --genesis make sense. */
  readonly online?: boolean
}

/**
 * Adds a command with the options that all have: --home, --json, --passphrase-file.
 * @param run - Gets the context, the arguments in order, and the options.
 */
export function defineCommand<O extends object>(
  parent: Command,
  runtime: Runtime,
  shape: CommandShape,
  run: (context: Context, options: O, ...args: string[]) => Promise<void>,
): Command {
  const command = parent
    .command(shape.name)
    .description(shape.summary)
    .addOption(new Option('--home <folder>', 'folder of the network').env('TALLYSTICK_HOME').default('.tallystick'))
    .option('--json', 'print one JSON document for machines')
    .option('--passphrase-file <file>', 'owner-only file with the passphrase of encrypted keys')
    .addHelpText('after', `\nExample:\n  $ tallystick ${shape.example}`)
  if (shape.online === true) {
    command
      .option('--node <url...>', 'nodes to ask, instead of those of the home')
      .option('--genesis <file>', 'genesis file to trust, instead of that of the home')
  }
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, -2).map((value) => (value === undefined ? '' : String(value)))
    const options = given.at(-2) as O & ContextOptions & { readonly json?: boolean }
    const output = createOutput(runtime.terminal, options.json === true)
    await run(createContext(runtime.terminal, output, runtime.signal, options), options, ...args)
  })
  return command
}
