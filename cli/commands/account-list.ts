import { addressOf } from '@tallystick/core/protocol'
import type { Command } from 'commander'
import { readAddressBook } from '../address-book/address-book.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { issuerIdentifier } from '../ledger/issuer.ts'
import { memberNamed } from '../ledger/members.ts'
import { integerOption } from '../option-values.ts'
import { table } from '../output/table.ts'

export function accountListCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'list',
    summary: 'list accounts with what the address book knows (one node tells; `account show` proves)',
    example: 'account list --member alpine-bank --limit 50',
    online: true,
  }
  interface Options {
    readonly member?: string
    readonly limit: string
    readonly cursor?: string
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options) => {
    const connection = await connect(context)
    const { client } = connection
    const book = await readAddressBook(context.home, client.genesis.network)
    const page = await client.listAccounts({
      signal: context.signal,
      limit: integerOption('--limit', options.limit, 1, 500),
      cursor: options.cursor,
      ...(options.member !== undefined && { member: memberNamed(connection, options.member).id }),
    })
    const accounts = page.items.map(({ id, record }) => {
      const address = addressOf(id, client.genesis.network)
      const known = book.ofAddress(address)
      const { accountKind: kind, status } = record
      return {
        address,
        account: known?.account,
        name: known?.name,
        member: issuerIdentifier(client, record.member),
        kind,
        status,
      }
    })
    context.output.result({ accounts, next: page.next, verified: false }, [
      ...table(
        accounts.map(({ address, account, name, kind, status }) => [address, account ?? '', name ?? '', kind, status]),
      ),
      ...(page.next === undefined ? [] : [`more: --cursor ${page.next}`]),
    ])
  })
    .option('--member <member>', 'only accounts of this bank')
    .option('--limit <count>', 'accounts of one page', '100')
    .option('--cursor <cursor>', 'go on where a page ended')
}
