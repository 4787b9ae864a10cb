import { toHex } from '@tallystick/core/codec'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { issuerIdentifier } from '../ledger/issuer.ts'
import { memberNamed, membersOf } from '../ledger/members.ts'
import { integerOption } from '../option-values.ts'
import { table } from '../output/table.ts'

interface Options {
  readonly member?: string
  readonly limit: string
  readonly cursor?: string
}

export function contractListCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'list',
    summary: 'list the contracts of the ledger (one node tells; `contract show` proves)',
    example: 'contract list --member alpine-bank',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options) => {
    const connection = await connect(context)
    const page = await connection.client.listContracts({
      signal: context.signal,
      limit: integerOption('--limit', options.limit, 1, 500),
      cursor: options.cursor,
      ...(options.member !== undefined && { member: memberNamed(connection, options.member).id }),
    })
    const members = membersOf(connection)
    const contracts = page.items.map(({ id, record: { name, status, member: keeper, prepaidSteps, generation } }) => {
      const member = issuerIdentifier(connection.client, keeper)
      return { contract: id, name, status, member, generation, prepaidSteps }
    })
    context.output.result({ contracts, next: page.next, verified: false }, [
      ...table(
        contracts.map(({ contract, name, status, member, prepaidSteps }) => [
          name,
          status,
          members.find(({ identifier }) => identifier === member)?.slug ?? member,
          `${prepaidSteps.toLocaleString('en')} steps`,
          toHex(contract),
        ]),
        [3],
      ),
      ...(page.next === undefined ? [] : [`more: --cursor ${page.next}`]),
    ])
  })
    .option('--member <member>', 'only contracts of this member')
    .option('--limit <count>', 'contracts of one page', '100')
    .option('--cursor <cursor>', 'go on where a page ended')
}
