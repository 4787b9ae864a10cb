import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openAccount, referenceKey } from '@tallystick/client'
import { type ActionOf, addressOf, type NetworkKind } from '@tallystick/core/protocol'
import { createKey, type Key, KeyError, readPublicKey, writeKeyFile } from '@tallystick/node/keys'
import type { Context } from '../context.ts'
import type { KnownMember } from '../ledger/members.ts'
import { keyPathOf } from './address-book.ts'
import type { AddressBookEntry } from './entry.ts'

export interface AccountWish {
  /** `IBAN:…` or `OTHR:…`. */
  readonly account: string
  readonly member: KnownMember
  readonly memberKey: Key
  readonly kind: 'customer' | 'own' | 'escrow'
  readonly name: string | undefined
  readonly bic: string | undefined
}

export interface PlannedAccount {
  readonly entry: AddressBookEntry
  readonly action: ActionOf<'open-account'>
}

/** A file name that an account id leads to; the hash keeps ids apart that look alike. */
function keyFileOf(account: string): string {
  const readable = account.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 48)
  const hash = createHash('sha256').update(account).digest('hex').slice(0, 8)
  return join('keys', 'accounts', `${readable}-${hash}.json`)
}

/** The account's public key: of its key file, which is made if there is none. */
async function publicKeyIn(path: string): Promise<Uint8Array> {
  try {
    return (await readPublicKey(path)).publicKey
  } catch (error) {
    if (!(error instanceof KeyError) || error.code !== 'KEY_FILE_MISSING') throw error
  }
  const key = createKey('account')
  await writeKeyFile(path, key)
  return key.publicKey
}

/**
 * An account that is to be opened, with its key on disk. The same wish gives the same address again: its key is kept,
 * and its salt is derived from the member's secret.
 */
export async function planAccount(context: Context, network: NetworkKind, wish: AccountWish): Promise<PlannedAccount> {
  const { account: name, member, memberKey, kind } = wish
  const keyFile = keyFileOf(`${member.identifier}/${name}`)
  const publicKey = await publicKeyIn(keyPathOf(context.home, { keyFile }))
  const { account: id, action } = openAccount({
    member: member.id,
    accountKind: kind,
    owner: { scheme: 'ed25519', publicKey },
    salt: referenceKey(memberKey.derivationSecret ?? memberKey.seed, 'account', name),
  })
  const address = addressOf(id, network)
  return {
    entry: { account: name, bic: wish.bic, name: wish.name, address, id, member: member.identifier, keyFile },
    action,
  }
}
