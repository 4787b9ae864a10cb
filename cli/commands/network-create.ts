import { toHex } from '@tallystick/core/codec'
import { createLocalNetwork } from '@tallystick/node/config'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { integerOption } from '../option-values.ts'
import { table } from '../output/table.ts'

interface Options {
  readonly validators: string
  readonly portBase?: string
  readonly name?: string
}

/** A port range must have two ports for each validator. */
const validatorsMax = 64

export function networkCreateCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'create',
    summary: 'create genesis, keys and node homes; starts nothing',
    example: 'network create --home .tallystick --validators 4',
  }
  defineCommand<Options>(parent, runtime, shape, async ({ home, output }, options) => {
    const validators = integerOption('--validators', options.validators, 1, validatorsMax)
    const { portBase, name } = options
    const network = await createLocalNetwork({
      directory: home,
      validators,
      ...(name !== undefined && { name }),
      ...(portBase !== undefined && {
        portBase: integerOption('--port-base', portBase, 1_024, 65_535 - 2 * validators),
      }),
    })
    const ledger = toHex(network.ledger)
    const nodes = network.nodes.map(({ name: node, member, apiUrl, peerPort }) => ({ node, member, apiUrl, peerPort }))
    output.result({ home, ledger, genesis: network.genesisPath, nodes }, [
      `created ${network.name} in ${home}`,
      `ledger ${ledger}`,
      ...table(nodes.map(({ node, member, apiUrl, peerPort }) => [`  ${node}`, member, apiUrl, `peers ${peerPort}`])),
    ])
  })
    .option('--validators <count>', 'how many validators', '4')
    .option('--port-base <port>', 'first of two ports a node; free ones are chosen otherwise')
    .option('--name <name>', 'name of the network')
}
