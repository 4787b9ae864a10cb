import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readAddressBook, writeAddressBook } from '../address-book/address-book.ts'
import { parseAddressFile } from '../address-book/parse-file.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { readTextFile } from '../read-file.ts'

const fileBytesMax = 64 * 1_048_576

export function accountsImportCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'import <file>',
    summary: 'take accounts into the address book from JSON or CSV (account, address, bic, name, member, keyFile)',
    example: 'accounts import accounts.csv',
  }
  defineCommand<{ readonly replace?: boolean }>(parent, runtime, shape, async (context, options, file = '') => {
    const { home, output, terminal } = context
    const { network } = (await connect(context)).client.genesis
    const path = resolve(terminal.cwd, file)
    const entries = parseAddressFile(path, await readTextFile(path, fileBytesMax), network)
    const book = await readAddressBook(home, network)
    for (const entry of entries) book.add(entry, { replace: options.replace === true })
    await writeAddressBook(home, book)
    output.result({ imported: entries.length, accounts: book.entries.length }, [
      `imported ${entries.length} accounts; the address book has ${book.entries.length}`,
    ])
  }).option('--replace', 'take new addresses for accounts that are known with another')
}
