import type { Signer } from '@tallystick/client'
import { equalBytes } from '@tallystick/core/codec'
import type { MemberId } from '@tallystick/core/protocol'
import { readKeyFile } from '@tallystick/node/keys'
import { keyPathOf } from '../address-book/address-book.ts'
import type { AddressBookEntry } from '../address-book/entry.ts'
import type { Context } from '../context.ts'
import type { Connection } from '../ledger/connect.ts'
import { membersOf, signerOf } from '../ledger/members.ts'
import type { PaymentProblemCode } from './problems.ts'

/** A debtor account that this home can pay from. */
export interface Debtor {
  readonly entry: AddressBookEntry
  readonly signer: Signer
  readonly member: MemberId
  /** Of the account's bank: references and salts are derived from it. */
  readonly memberSecret: Uint8Array
}

/**
 * Opens debtor accounts for paying: the account's key, the bank that keeps it (proven by the ledger) and the bank's
 * secret. Each account is looked up once.
 */
export class Debtors {
  readonly #context: Context
  readonly #connection: Connection
  readonly #memberKeyPath: string | undefined
  readonly #known = new Map<string, Promise<Debtor | PaymentProblemCode>>()

  constructor(context: Context, connection: Connection, memberKeyPath: string | undefined) {
    this.#context = context
    this.#connection = connection
    this.#memberKeyPath = memberKeyPath
  }

  /** @throws {KeyError | ClientError} where a key can't be read or no node answers. */
  open(entry: AddressBookEntry): Promise<Debtor | PaymentProblemCode> {
    const known = this.#known.get(entry.address) ?? this.#open(entry)
    this.#known.set(entry.address, known)
    return known
  }

  async #open(entry: AddressBookEntry): Promise<Debtor | PaymentProblemCode> {
    const { keyFile } = entry
    const { client } = this.#connection
    const { home, passphrase, signal } = this.#context
    if (keyFile === undefined) return 'PAYMENT_DEBTOR_KEY_UNKNOWN'
    const { value: record } = await client.verifiedAccount(entry.id, { signal })
    if (record === undefined) return 'PAYMENT_DEBTOR_UNKNOWN'
    const bank = membersOf(this.#connection).find(({ id }) => equalBytes(id, record.member))
    const bankKeyPath = this.#memberKeyPath ?? bank?.keyPath
    if (bankKeyPath === undefined) return 'PAYMENT_BANK_KEY_UNKNOWN'
    const { derivationSecret, seed } = await readKeyFile(bankKeyPath, 'member', passphrase)
    const signer = signerOf(await readKeyFile(keyPathOf(home, { keyFile }), 'account', passphrase))
    return { entry, signer, member: record.member, memberSecret: derivationSecret ?? seed }
  }
}
