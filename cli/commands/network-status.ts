import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { connect } from '../ledger/connect.ts'
import { localNetworkOf } from '../network/local-home.ts'
import { runningNodes } from '../network/run-state.ts'
import { table } from '../output/table.ts'

/** What a node says of itself, beside what is known of its process. */
export function networkStatusCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'status',
    summary: `say which nodes run and how far they are; exit status ${exitCodes.unavailable} if none answers`,
    example: 'network status --json',
  }
  defineCommand(parent, runtime, shape, async (context) => {
    const { home, output, signal } = context
    const network = await localNetworkOf(home)
    const pids = new Map((await runningNodes(home)).map(({ name, pid }) => [name, pid]))
    const { client } = await connect(context)
    const reports = await client.status({ signal })
    const nodes = network.nodes.map(({ name, apiUrl }) => {
      const report = reports.find(({ node }) => node.replace(/\/$/, '') === apiUrl)
      const status = report?.status
      return { name, apiUrl, pid: pids.get(name), error: report?.error?.code, ...status }
    })
    output.result({ home, nodes }, [
      ...table([
        ['node', 'process', 'final', 'executed', 'proven', 'peers', ''],
        ...nodes.map(({ name, pid, heights, peers, halted, alarms, syncing, error }) => [
          name,
          pid === undefined ? 'none' : String(pid),
          ...(heights === undefined ? ['-', '-', '-'] : [heights.final, heights.executed, heights.proven].map(String)),
          peers === undefined ? '-' : `${peers.filter((peer) => peer.connected).length}/${peers.length}`,
          halted?.code ?? alarms?.[0]?.code ?? (syncing === true ? 'catching up' : (error ?? 'ok')),
        ]),
      ]),
    ])
    if (nodes.every(({ heights }) => heights === undefined)) {
      throw new CliError('NETWORK_NOT_RUNNING', `no node of ${home} answers`)
    }
  })
}
