import type { AccountId } from '@tallystick/core/protocol'

/** What the home knows of an account. None of it goes on the ledger but the address. */
export interface AddressBookEntry {
  /** `IBAN:…` or `OTHR:…`, as payment files name it (iso20022's `accountKey`). */
  readonly account: string
  /** Tells equal `OTHR` numbers of different banks apart. */
  readonly bic: string | undefined
  readonly name: string | undefined
  readonly address: string
  readonly id: AccountId
  /** Identifier (LEI) of the member that keeps the account, where it is known. */
  readonly member: string | undefined
  /** The key that may debit it, relative to the home; without one it can only be paid to. */
  readonly keyFile: string | undefined
}
