import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { existingOrNewNetwork, localNetworkOf } from '../network/local-home.ts'
import { startNetwork } from '../network/start-network.ts'
import { table } from '../output/table.ts'

export function networkStartCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'start',
    summary: 'start all validators in the background and wait until they are ready',
    example: 'network start',
  }
  defineCommand<{ readonly create?: boolean }>(parent, runtime, shape, async (context, options) => {
    const { home, output } = context
    const network = options.create === true ? await existingOrNewNetwork(context) : await localNetworkOf(home)
    const started = await startNetwork(context, network, 'background')
    await started.release()
    const nodes = network.nodes.map(({ name, apiUrl }, i) => ({ name, pid: started.nodes[i]!.pid, apiUrl }))
    output.result({ home, nodes }, [
      ...table(nodes.map(({ name, pid, apiUrl }) => [name, `pid ${pid}`, apiUrl])),
      'The network runs. End it with: tallystick network stop',
    ])
  }).option('--create', 'create a network of four validators first, where there is none')
}
