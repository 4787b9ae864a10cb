import { oneGroup } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { Action } from '@tallystick/core/protocol'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'
import type { KnownContract } from '../ledger/contracts.ts'
import { type KnownMember, memberKey, membersOf, signerOf } from '../ledger/members.ts'
import { type Settled, settle } from '../ledger/settle.ts'
import { requireContractDone } from './outcome.ts'

/** The member that keeps a contract. @throws {CliError} MEMBER_UNKNOWN */
export function keeperOf(connection: Connection, { record }: KnownContract): KnownMember {
  const found = membersOf(connection).find(({ id }) => toHex(id) === toHex(record.member))
  if (found === undefined) throw new CliError('MEMBER_UNKNOWN', `the genesis has no member ${toHex(record.member)}`)
  return found
}

/** Does something that the member of a contract alone may do. @param keyPath - Where its key is not in the home. */
export async function actAsKeeper(
  context: Context,
  connection: Connection,
  contract: KnownContract,
  action: Action,
  keyPath: string | undefined,
): Promise<Settled> {
  const member = keeperOf(connection, contract)
  const settled = await settle(context, connection, {
    groups: oneGroup([action]),
    authorizers: [{ kind: 'member', member: member.id }],
    payer: member.id,
    signers: [signerOf(await memberKey(context, member, keyPath))],
    withoutActions: true,
    keysNamed: keyPath !== undefined,
  })
  requireContractDone(settled, contract.id)
  return settled
}
