import { join, resolve } from 'node:path'
import { environmentPassphrase, type PassphraseSource, readPassphraseFile } from '@tallystick/node/keys'
import type { Output } from './output/output.ts'
import type { Terminal } from './output/terminal.ts'

/** What every command gets. */
export interface Context {
  /** The folder of the network and of what the user keeps beside it. */
  readonly home: string
  readonly output: Output
  readonly terminal: Terminal
  readonly passphrase: PassphraseSource
  /** What a child process needs in its environment to open the same keys without asking. */
  passphraseEnvironment(): Promise<Record<string, string>>
  /** Ends when the person presses Ctrl-C. */
  readonly signal: AbortSignal
  /** Nodes and genesis that were named instead of those of the home. */
  readonly nodes: readonly string[] | undefined
  readonly genesis: string | undefined
}

export interface ContextOptions {
  readonly home?: string | undefined
  readonly passphraseFile?: string | undefined
  readonly node?: readonly string[] | undefined
  readonly genesis?: string | undefined
}

export const defaultHome = '.tallystick'

/** The passphrase of keys: the file that was named, else the environment, else asked for once. */
function passphrases(
  terminal: Terminal,
  file: string | undefined,
): Pick<Context, 'passphrase' | 'passphraseEnvironment'> {
  let asked: Promise<string | undefined> | undefined
  return {
    passphrase: async (path) => {
      if (file !== undefined) return readPassphraseFile(file)
      const known = await environmentPassphrase(path)
      if (known !== undefined) return known
      asked ??= terminal.ask(`Passphrase of ${path}: `, { hidden: true })
      return asked
    },
    passphraseEnvironment: async () => {
      if (file !== undefined) return { TALLYSTICK_PASSPHRASE_FILE: file }
      const answer = await asked
      return answer === undefined ? {} : { TALLYSTICK_PASSPHRASE: answer }
    },
  }
}

export function createContext(
  terminal: Terminal,
  output: Output,
  signal: AbortSignal,
  options: ContextOptions,
): Context {
  const home = options.home ?? terminal.env.TALLYSTICK_HOME ?? defaultHome
  return {
    home: resolve(terminal.cwd, home),
    output,
    terminal,
    signal,
    ...passphrases(terminal, options.passphraseFile && resolve(terminal.cwd, options.passphraseFile)),
    nodes: options.node,
    genesis: options.genesis === undefined ? undefined : resolve(terminal.cwd, options.genesis),
  }
}

/** Where things stand in a home. */
export const homePaths = {
  genesis: (home: string) => join(home, 'genesis.json'),
  accountKeys: (home: string) => join(home, 'keys', 'accounts'),
  addressBook: (home: string) => join(home, 'address-book.json'),
  receipts: (home: string) => join(home, 'receipts'),
  payments: (home: string) => join(home, 'payments'),
  example: (home: string) => join(home, 'example'),
  run: (home: string) => join(home, 'run'),
  logs: (home: string) => join(home, 'logs'),
} as const
