import type { Client } from '@tallystick/client'
import { equalBytes } from '@tallystick/core/codec'
import { type MemberId, memberIdOf } from '@tallystick/core/protocol'

/** The identifier of a member of the genesis, or its id where it is none. */
export function issuerIdentifier({ genesis }: Client, member: MemberId): string {
  const found = genesis.members.find(({ identifier }) => equalBytes(memberIdOf(identifier), member))
  return found?.identifier ?? Buffer.from(member).toString('hex')
}
