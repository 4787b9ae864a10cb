import { bech32m } from '@scure/base'
import type { AccountId } from './ids.ts'

/** The human-readable part of an address: what a person sees first, so a test address never passes for a live one. */
export const addressPrefix = { live: 'tally', test: 'tallytest' } as const
export type NetworkKind = keyof typeof addressPrefix

/** Bech32m of the account's id: 32 bytes with a checksum that finds every error of four characters. */
export function addressOf(account: AccountId, network: NetworkKind): string {
  return bech32m.encode(addressPrefix[network], bech32m.toWords(account))
}

export type AddressProblem = 'ADDRESS_MALFORMED' | 'ADDRESS_OF_OTHER_NETWORK'

/** The account of an address, or what is wrong with the text. */
export function parseAddress(text: string, network: NetworkKind): AccountId | AddressProblem {
  if (text.length > 128) return 'ADDRESS_MALFORMED'
  try {
    const { prefix, words } = bech32m.decode(text as `${string}1${string}`)
    const id = bech32m.fromWords(words)
    if (id.length !== 32) return 'ADDRESS_MALFORMED'
    return prefix === addressPrefix[network] ? (id as AccountId) : 'ADDRESS_OF_OTHER_NETWORK'
  } catch {
    return 'ADDRESS_MALFORMED'
  }
}
