import type { Signer } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { type AccountId, type AccountRecord, parseAddress } from '@tallystick/core/protocol'
import { readKeyFile } from '@tallystick/node/keys'
import { keyPathOf, readAddressBook } from '../address-book/address-book.ts'
import type { AddressBookEntry } from '../address-book/entry.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from './connect.ts'
import { signerOf } from './members.ts'

export interface NamedAccount {
  readonly id: AccountId
  readonly entry: AddressBookEntry | undefined
}

/** @param text - Address, IBAN, or other id of the address book. @throws {CliError} ACCOUNT_UNKNOWN */
export async function accountNamed(context: Context, { client }: Connection, text: string): Promise<NamedAccount> {
  const { network } = client.genesis
  const book = await readAddressBook(context.home, network)
  const entry = book.named(text)
  if (entry !== undefined) return { id: entry.id, entry }
  const id = parseAddress(text, network)
  if (typeof id === 'string') {
    const why =
      id === 'ADDRESS_OF_OTHER_NETWORK' ? 'an address of another network' : 'neither an address nor in the address book'
    throw new CliError('ACCOUNT_UNKNOWN', `"${text}" is ${why}`)
  }
  return { id, entry: undefined }
}

/** The key that may act for the account: the file that was named, else that of the address book. */
export async function accountSigner(context: Context, account: NamedAccount, keyPath?: string): Promise<Signer> {
  const { keyFile } = account.entry ?? {}
  const path = keyPath ?? (keyFile === undefined ? undefined : keyPathOf(context.home, { keyFile }))
  if (path === undefined) {
    const name = account.entry?.account ?? toHex(account.id)
    throw new CliError('ACCOUNT_KEY_UNKNOWN', `the key of the account ${name} is not known`)
  }
  return signerOf(await readKeyFile(path, 'account', context.passphrase))
}

/** The account's record, proven. @throws {CliError} ACCOUNT_UNKNOWN if the ledger has none. */
export async function accountRecordOf(context: Context, { client }: Connection, id: AccountId): Promise<AccountRecord> {
  const { value } = await client.verifiedAccount(id, { signal: context.signal })
  if (value === undefined) throw new CliError('ACCOUNT_UNKNOWN', 'the account is not open on the ledger (proven)')
  return value
}
