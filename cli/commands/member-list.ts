import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { membersOf } from '../ledger/members.ts'
import { table } from '../output/table.ts'

export function memberListCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'list',
    summary: 'list the members, with their roles on the ledger (proven)',
    example: 'member list',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context) => {
    const connection = await connect(context)
    const members = await Promise.all(
      membersOf(connection).map(async ({ slug, id, identifier, name }) => {
        const { value } = await connection.client.verifiedMember(id, { signal: context.signal })
        return { slug, identifier, name: value?.name ?? name, roles: value?.roles ?? [], quota: value?.quota }
      }),
    )
    context.output.result({ members }, [
      ...table(members.map(({ slug, identifier, name, roles }) => [slug ?? '', identifier, name, roles.join(', ')])),
    ])
  })
}
