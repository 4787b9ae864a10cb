import { join } from 'node:path'
import { type NetworkKind, parseAddress } from '@tallystick/core/protocol'
import { KeyError, readOwnerOnlyFile, writeOwnerOnlyFile } from '@tallystick/node/keys'
import { homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import type { AddressBookEntry } from './entry.ts'

const fileBytesMax = 256 * 1_048_576

/** A line of the file: the entry without what follows from its address. */
type Stored = Omit<AddressBookEntry, 'id'>

/** The accounts that a home knows, by the ids that payment files use. */
export class AddressBook {
  readonly #byAccount = new Map<string, AddressBookEntry[]>()
  readonly #byAddress = new Map<string, AddressBookEntry>()

  get entries(): AddressBookEntry[] {
    return [...this.#byAccount.values()].flat()
  }

  /** The entry of an account; equal numbers of several banks are told apart by the bank, and are unknown without it. */
  find(account: string, bic?: string): AddressBookEntry | undefined {
    const entries = this.#byAccount.get(account) ?? []
    if (entries.length <= 1) return entries[0]
    return bic === undefined ? undefined : entries.find((entry) => entry.bic?.slice(0, 8) === bic.slice(0, 8))
  }

  ofAddress(address: string): AddressBookEntry | undefined {
    return this.#byAddress.get(address)
  }

  /** An address, an account id with or without its `IBAN:`, `OTHR:`. */
  named(text: string): AddressBookEntry | undefined {
    const compact = text.replace(/\s/g, '')
    return (
      this.#byAddress.get(compact) ??
      this.find(text) ??
      this.find(`IBAN:${compact.toUpperCase()}`) ??
      this.find(`OTHR:${text}`)
    )
  }

  /** @throws {CliError} ADDRESS_BOOK_CONFLICT if the account has another address already and `replace` is false. */
  add(entry: AddressBookEntry, { replace }: { readonly replace: boolean }): void {
    const same = (this.#byAccount.get(entry.account) ?? []).filter(
      ({ bic }) => bic?.slice(0, 8) === entry.bic?.slice(0, 8),
    )
    const other = same.find(({ address }) => address !== entry.address)
    if (other !== undefined && !replace) {
      throw new CliError(
        'ADDRESS_BOOK_CONFLICT',
        `${entry.account} has the address ${other.address}, not ${entry.address}`,
      )
    }
    const kept = (this.#byAccount.get(entry.account) ?? []).filter((known) => !same.includes(known))
    this.#byAccount.set(entry.account, [...kept, entry])
    for (const known of same) this.#byAddress.delete(known.address)
    this.#byAddress.set(entry.address, entry)
  }
}

/** The address book of a home; empty if there is none yet. @throws {CliError} ADDRESS_BOOK_MALFORMED */
export async function readAddressBook(home: string, network: NetworkKind): Promise<AddressBook> {
  const path = homePaths.addressBook(home)
  const book = new AddressBook()
  let text: string
  try {
    text = await readOwnerOnlyFile(path, fileBytesMax)
  } catch (error) {
    if (error instanceof KeyError && error.code === 'KEY_FILE_MISSING') return book
    throw error
  }
  for (const entry of parseEntries(path, text, network)) book.add(entry, { replace: true })
  return book
}

export async function writeAddressBook(home: string, book: AddressBook): Promise<void> {
  const accounts = book.entries.map(({ id: _, ...stored }) => stored)
  const text = `${JSON.stringify({ version: 1, accounts }, null, 2)}\n`
  await writeOwnerOnlyFile(homePaths.addressBook(home), text, { replace: true })
}

/** The entries of an address book in its JSON form. @throws {CliError} ADDRESS_BOOK_MALFORMED naming the entry. */
export function parseEntries(path: string, text: string, network: NetworkKind): AddressBookEntry[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new CliError('ADDRESS_BOOK_MALFORMED', `${path}: it is not JSON: ${(error as Error).message}`)
  }
  const { version, accounts } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  if (version !== 1 || !Array.isArray(accounts)) {
    throw new CliError('ADDRESS_BOOK_MALFORMED', `${path}: {"version": 1, "accounts": [...]} is wanted`)
  }
  return accounts.map((value: unknown, i) => checkEntry(`${path}: accounts[${i}]`, value, network))
}

/** @throws {CliError} ADDRESS_BOOK_MALFORMED saying what is wrong with the entry at this place. */
export function checkEntry(where: string, value: unknown, network: NetworkKind): AddressBookEntry {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const refuse = (why: string): never => {
    throw new CliError('ADDRESS_BOOK_MALFORMED', `${where}: ${why}`)
  }
  const text = (name: keyof Stored): string | undefined => {
    const given = fields[name]
    if (given === undefined || given === null || given === '') return undefined
    return typeof given === 'string' && given.length <= 4_096 ? given : refuse(`${name} is no text`)
  }
  const account = text('account') ?? refuse('account is missing')
  if (!/^(IBAN:[A-Z0-9]{5,34}|OTHR:.+)$/.test(account)) refuse(`account "${account}" is neither IBAN:… nor OTHR:…`)
  const address = text('address') ?? refuse('address is missing')
  const id = parseAddress(address, network)
  if (typeof id === 'string') return refuse(`address "${address}": ${id}`)
  return {
    account,
    address,
    id,
    bic: text('bic'),
    name: text('name'),
    member: text('member'),
    keyFile: text('keyFile'),
  }
}

/** The path of an entry's key. */
export function keyPathOf(home: string, { keyFile }: { readonly keyFile: string }): string {
  return keyFile.startsWith('/') ? keyFile : join(home, keyFile)
}
