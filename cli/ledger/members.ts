import type { Signer } from '@tallystick/client'
import { keyFromSeed } from '@tallystick/client'
import { type GenesisMember, type MemberId, memberIdOf } from '@tallystick/core/protocol'
import { type Key, readKeyFile } from '@tallystick/node/keys'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from './connect.ts'

/** A member of the genesis; `slug` and `keyPath` where the home knows it. */
export interface KnownMember {
  readonly id: MemberId
  readonly identifier: string
  readonly name: string
  readonly roles: readonly string[]
  readonly slug: string | undefined
  readonly keyPath: string | undefined
}

export function membersOf({ client, network }: Pick<Connection, 'client' | 'network'>): KnownMember[] {
  return client.genesis.members.map(({ identifier, name, roles }: GenesisMember) => {
    const local = network?.members.find((member) => member.identifier === identifier)
    return { id: memberIdOf(identifier), identifier, name, roles, slug: local?.slug, keyPath: local?.keyPath }
  })
}

/** @param text - Short name or identifier (LEI). @throws {CliError} MEMBER_UNKNOWN */
export function memberNamed(connection: Pick<Connection, 'client' | 'network'>, text: string): KnownMember {
  const members = membersOf(connection)
  const found = members.find(({ slug, identifier }) => slug === text || identifier === text)
  if (found !== undefined) return found
  const known = members.map(({ slug, identifier }) => slug ?? identifier).join(', ')
  throw new CliError('MEMBER_UNKNOWN', `"${text}" is no member; known are ${known}`)
}

/** The member's key, with the secret of references. */
export async function memberKey(context: Context, member: KnownMember, keyPath?: string): Promise<Key> {
  const path = keyPath ?? member.keyPath
  if (path === undefined) {
    throw new CliError(
      'MEMBER_UNKNOWN',
      `the key of ${member.name} is not in ${context.home}: name it with --member-key`,
    )
  }
  return readKeyFile(path, 'member', context.passphrase)
}

export const signerOf = (key: Key): Signer => keyFromSeed(key.seed)
