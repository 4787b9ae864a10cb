import { createClient } from '@tallystick/client'
import { genesisText, readGenesisFile, readNodeConfig } from '@tallystick/node/config'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { table } from '../output/table.ts'

export function nodeStatusCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'status',
    summary: 'ask the node of --home how far it is',
    example: 'node status --home .tallystick/nodes/node-1',
  }
  defineCommand(parent, runtime, shape, async ({ home, output, signal }) => {
    const { api, ledger, genesisPath } = await readNodeConfig(home)
    const scheme = api.tls === undefined ? 'http' : 'https'
    const url = `${scheme}://${api.listen.host}:${api.listen.port}`
    const client = createClient({ nodes: [url], genesis: genesisText(await readGenesisFile(genesisPath, ledger)) })
    const [report] = await client.status({ signal })
    const status = report?.status
    if (status === undefined) {
      throw new CliError('NETWORK_NOT_RUNNING', `${url} does not answer (${report?.error?.code ?? 'no answer'})`)
    }
    const { heights, peers, mempool, halted, alarms } = status
    output.result({ url, ...status }, [
      ...table([
        ['node', `${status.name} (${status.role}, version ${status.version})`],
        ['url', url],
        ['heights', `final ${heights.final}, executed ${heights.executed}, proven ${heights.proven}`],
        ['epoch', `${status.epoch}, view ${status.view}`],
        ['peers', peers.map((peer) => `${peer.name}${peer.connected ? '' : ' (away)'}`).join(', ')],
        ['waiting', `${mempool.transactions} transactions, ${mempool.bytes} bytes`],
        ['state', halted === undefined ? (status.syncing ? 'catching up' : 'ok') : `${halted.code}: ${halted.detail}`],
        ...alarms.map(({ code, detail }) => ['alarm', `${code}: ${detail}`]),
      ]),
    ])
  })
}
