import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { localNetworkOf } from '../network/local-home.ts'
import { runningNodes } from '../network/run-state.ts'
import { lockHome } from '../network/start-lock.ts'

export function networkResetCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'reset',
    summary: 'delete the network with its keys, ledger, receipts and address book; asks first',
    example: 'network reset --yes',
  }
  defineCommand<{ readonly yes?: boolean }>(parent, runtime, shape, async (context, options) => {
    const { home, output, terminal } = context
    await localNetworkOf(home)
    if ((await runningNodes(home)).length > 0) throw new CliError('NETWORK_RUNNING', `the network in ${home} runs`)
    if (options.yes !== true) {
      const answer = await terminal.ask(`Delete ${home} with all keys and receipts? [y/N] `, { hidden: false })
      if (answer === undefined) throw new CliError('CONFIRMATION_NEEDED', `${home} is not deleted without a yes`)
      if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('CONFIRMATION_DECLINED', `${home} was kept`)
    }
    await lockHome(home)
    // Under its new name nothing takes it for a network, even where the removal is interrupted.
    const doomed = `${home}.removing-${randomBytes(4).toString('hex')}`
    await rename(home, doomed)
    await rm(doomed, { recursive: true, force: true })
    output.result({ home, removed: true }, [`deleted ${home}`])
  }).option('--yes', 'do not ask')
}
