import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { localNetworkOf } from '../network/local-home.ts'
import { startNetwork } from '../network/start-network.ts'
import { table } from '../output/table.ts'

export function networkStartCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'start',
    summary: 'start all validators in the background and wait until they are ready',
    example: 'network start',
  }
  defineCommand(parent, runtime, shape, async (context) => {
    const { home, output } = context
    const network = await localNetworkOf(home)
    const started = await startNetwork(context, network, 'background')
    await started.release()
    const nodes = network.nodes.map(({ name, apiUrl }, i) => ({ name, pid: started.nodes[i]!.pid, apiUrl }))
    output.result({ home, nodes }, [
      ...table(nodes.map(({ name, pid, apiUrl }) => [name, `pid ${pid}`, apiUrl])),
      'The network runs. End it with: tallystick network stop',
    ])
  })
}
