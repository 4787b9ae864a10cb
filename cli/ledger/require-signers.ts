import type { Signer } from '@tallystick/client'
import { equalBytes, toHex } from '@tallystick/core/codec'
import { type Authorizer, addressOf, type Policy } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import type { Connection } from './connect.ts'
import { membersOf } from './members.ts'

/**
 * Whether the keys may sign for those in whose name a transaction is made (proven). One without the right signatures is never
 * executed, as one with a signature too many, so nobody would learn what is wrong.
 * @throws {CliError} KEY_OF_OTHER
 */
export async function requireSigners(
  connection: Connection,
  authorizers: readonly Authorizer[],
  signers: readonly Signer[],
  signal: AbortSignal,
): Promise<void> {
  const needless = new Set(signers)
  for (const authorizer of authorizers) {
    const policy = await policyOf(connection, authorizer, signal)
    if (policy === undefined) return
    for (const signer of signers) if (weightOf(policy, [signer]) > 0) needless.delete(signer)
    if (weightOf(policy, signers) >= policy.threshold) continue
    throw new CliError('KEY_OF_OTHER', `the keys that sign are not those of ${nameOf(connection, authorizer)} (proven)`)
  }
  if (needless.size === 0) return
  const names = authorizers.map((authorizer) => nameOf(connection, authorizer)).join(', ')
  throw new CliError('KEY_OF_OTHER', `a key that is named belongs to none of those that sign: ${names} (proven)`)
}

async function policyOf({ client }: Connection, authorizer: Authorizer, signal: AbortSignal) {
  if (authorizer.kind === 'account') return (await client.verifiedAccount(authorizer.account, { signal })).value?.policy
  if (authorizer.kind === 'member') return (await client.verifiedMember(authorizer.member, { signal })).value?.policy
  return undefined
}

function weightOf({ keys }: Policy, signers: readonly Signer[]): number {
  const signing = keys.filter(({ scheme, publicKey }) =>
    signers.some((signer) => signer.scheme === scheme && equalBytes(signer.publicKey, publicKey)),
  )
  return signing.reduce((sum, { weight }) => sum + weight, 0)
}

function nameOf(connection: Connection, authorizer: Authorizer): string {
  if (authorizer.kind === 'account')
    return `the account ${addressOf(authorizer.account, connection.client.genesis.network)}`
  if (authorizer.kind === 'validator') return `the validator ${toHex(authorizer.nodeKey)}`
  const member = membersOf(connection).find(({ id }) => equalBytes(id, authorizer.member))
  return `the member ${member?.slug ?? member?.identifier ?? toHex(authorizer.member)}`
}
