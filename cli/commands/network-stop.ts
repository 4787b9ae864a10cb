import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { localNetworkOf } from '../network/local-home.ts'
import { stopProcesses } from '../network/node-process.ts'
import { clearRunState, runningNodes } from '../network/run-state.ts'

export function networkStopCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'stop',
    summary: 'end the validators that were started here, and no other process',
    example: 'network stop',
  }
  defineCommand(parent, runtime, shape, async ({ home, output }) => {
    await localNetworkOf(home)
    const nodes = await runningNodes(home)
    if (nodes.length === 0) throw new CliError('NETWORK_NOT_RUNNING', `no node of ${home} runs`)
    await stopProcesses(nodes)
    await clearRunState(home)
    const stopped = nodes.map(({ name, pid }) => ({ name, pid }))
    output.result({ home, stopped }, [`stopped ${stopped.map(({ name }) => name).join(', ')}`])
  })
}
