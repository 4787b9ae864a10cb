import { Command, CommanderError } from 'commander'
import { accountCommands } from './commands/account.ts'
import { accountsImportCommand } from './commands/accounts-import.ts'
import { assetCommands } from './commands/asset.ts'
import { blockShowCommand } from './commands/block-show.ts'
import { contractCommands } from './commands/contract.ts'
import { demoCommand } from './commands/demo.ts'
import { keysCommands } from './commands/keys.ts'
import { memberListCommand } from './commands/member-list.ts'
import { networkCommands } from './commands/network.ts'
import { nodeCommands } from './commands/node.ts'
import { paymentsCommands } from './commands/payments.ts'
import { proofVerifyCommand } from './commands/proof-verify.ts'
import { receiptCommands } from './commands/receipt.ts'
import { transferCommand } from './commands/transfer.ts'
import { txShowCommand } from './commands/tx-show.ts'
import type { Runtime } from './define-command.ts'
import { CliError, describeFailure } from './errors.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { createOutput } from './output/output.ts'
import { versionText } from './version.ts'

/** The whole command tree, in the order of --help. */
export function createProgram(runtime: Runtime): Command {
  const { terminal } = runtime
  const program = new Command('tallystick')
    .description('A permissioned ledger for money and goods: run it, pay with it, check every receipt.')
    .version(versionText)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      // Faults of usage are told once, with their code, by `run`.
      writeErr: () => {},
    })
    .configureHelp({ showGlobalOptions: true })
  const group = (name: string, summary: string): Command => program.command(name).description(summary)

  demoCommand(program, runtime)
  networkCommands(group('network', 'create, start and stop a network on this machine'), runtime)
  nodeCommands(group('node', 'run and check one node'), runtime)
  keysCommands(group('keys', 'make and keep keys'), runtime)
  memberListCommand(group('member', 'organisations of the ledger'), runtime)
  assetCommands(group('asset', 'currencies and other assets'), runtime)
  accountCommands(group('account', 'accounts and their balances'), runtime)
  accountsImportCommand(group('accounts', 'the address book'), runtime)
  transferCommand(program, runtime)
  paymentsCommands(group('payments', 'ISO 20022 payment files'), runtime)
  contractCommands(group('contract', 'programs on the ledger'), runtime)
  receiptCommands(group('receipt', 'receipts with their proofs'), runtime)
  txShowCommand(group('tx', 'transactions'), runtime)
  blockShowCommand(group('block', 'blocks'), runtime)
  proofVerifyCommand(group('proof', 'proofs of any kind'), runtime)
  return program
}

const shownCodes: ReadonlySet<string> = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

function exitOfCommander(error: CommanderError, runtime: Runtime, json: boolean): ExitCode {
  if (shownCodes.has(error.code) && error.exitCode === 0) return exitCodes.ok
  const what = error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '')
  createOutput(runtime.terminal, json).failure(describeFailure(new CliError('USAGE', what)))
  return exitCodes.usage
}

/**
 * Runs one command line and gives its exit status; every failure is printed with its code.
 * @param argv - The arguments behind the program's name.
 */
export async function run(argv: readonly string[], runtime: Runtime): Promise<ExitCode> {
  const json = argv.includes('--json')
  try {
    await createProgram(runtime).parseAsync([...argv], { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof CommanderError) return exitOfCommander(error, runtime, json)
    const failure = describeFailure(runtime.signal.aborted ? abortedOr(error) : error)
    createOutput(runtime.terminal, json).failure(failure)
    return failure.exit
  }
}

/** After Ctrl-C, whatever broke in consequence is not worth telling. */
function abortedOr(error: unknown): unknown {
  return describeFailure(error).code === 'INTERNAL' ? error : new CliError('INTERRUPTED', 'the command was ended')
}
