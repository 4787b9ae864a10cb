import type { Signer } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { Caller, Fund, MemberId } from '@tallystick/core/protocol'
import { type Key, readKeyFile, readPublicKey } from '@tallystick/node/keys'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { parseAmount } from '../output/amount.ts'
import { accountNamed, accountRecordOf, accountSigner, type NamedAccount } from './accounts.ts'
import { assetOfCode } from './assets.ts'
import type { Connection } from './connect.ts'
import { type KnownMember, memberKey, membersOf, signerOf } from './members.ts'

/** In whose name a contract is called, with whose money, and who signs for that. */
export interface Parties {
  readonly callers: readonly Caller[]
  readonly funds: readonly Fund[]
  readonly payer: MemberId
  readonly signers: readonly Signer[]
}

export interface PartiesOptions {
  /** Accounts or members; the home's first publisher if none is named. */
  readonly as?: readonly string[]
  /** `ACCOUNT:ASSET:AMOUNT` each. */
  readonly fund?: readonly string[]
  /** Key files of accounts and members whose keys are not in the home. */
  readonly key?: readonly string[]
}

/** `DE02…:EUR:12.50`; the account may have colons itself. */
const fundForm = /^(.+):([^:]+):([^:]+)$/

/** @throws {CliError} of names and amounts that are not known, or ACCOUNT_KEY_UNKNOWN, MEMBER_UNKNOWN for a missing key. */
export async function partiesOf(
  context: Context,
  connection: Connection,
  { as = [], fund = [], key = [] }: PartiesOptions,
): Promise<Parties> {
  const members: KnownMember[] = []
  const accounts: NamedAccount[] = []
  const callers: Caller[] = []
  for (const text of new Set(as)) {
    const member = membersOf(connection).find(({ slug, identifier }) => slug === text || identifier === text)
    if (member !== undefined) {
      members.push(member)
      callers.push({ kind: 'member', member: member.id })
      continue
    }
    const account = await accountNamed(context, connection, text)
    accounts.push(account)
    callers.push({ kind: 'account', account: account.id })
  }
  const funds: Fund[] = []
  for (const text of fund) {
    const { account, asset, amount } = await fundOf(context, connection, text)
    if (!accounts.some(({ id }) => toHex(id) === toHex(account.id))) accounts.push(account)
    funds.push({ account: account.id, asset, amount })
  }
  if (members.length === 0 && accounts.length === 0) {
    const member = homePublisher(connection)
    members.push(member)
    callers.push({ kind: 'member', member: member.id })
  }
  return {
    callers,
    funds,
    payer: members[0]?.id ?? (await accountRecordOf(context, connection, accounts[0]!.id)).member,
    signers: await signersOf(context, members, accounts, key),
  }
}

async function fundOf(context: Context, connection: Connection, text: string) {
  const [, name, code, amount] = fundForm.exec(text) ?? []
  if (name === undefined || code === undefined || amount === undefined) {
    throw new CliError('VALUE_INVALID', `--fund is ACCOUNT:ASSET:AMOUNT, such as 4711:EUR:12.50, not "${text}"`)
  }
  const asset = await assetOfCode(connection.client, code, context.signal)
  return {
    account: await accountNamed(context, connection, name),
    asset: asset.id,
    amount: parseAmount(amount, asset.decimals),
  }
}

/** Keys of the home, and those that were named. Two signatures of one key count once. */
async function signersOf(
  context: Context,
  members: readonly KnownMember[],
  accounts: readonly NamedAccount[],
  paths: readonly string[],
): Promise<Signer[]> {
  const named: Signer[] = []
  for (const path of paths) named.push(signerOf(await keyOf(context, path)))
  const own: Signer[] = []
  for (const member of members) {
    if (paths.length === 0 || member.keyPath !== undefined) own.push(signerOf(await memberKey(context, member)))
  }
  for (const account of accounts) {
    if (paths.length === 0 || account.entry?.keyFile !== undefined) own.push(await accountSigner(context, account))
  }
  return [...named, ...own]
}

/** Of a member or an account. */
async function keyOf({ passphrase }: Context, path: string): Promise<Key> {
  const { kind } = await readPublicKey(path)
  return readKeyFile(path, kind === 'member' ? 'member' : 'account', passphrase)
}

/** The first member of the home that may deploy contracts. @throws {CliError} MEMBER_UNKNOWN */
export function homePublisher(connection: Connection): KnownMember {
  const found = membersOf(connection).find(({ roles, keyPath }) => roles.includes('publisher') && keyPath !== undefined)
  if (found === undefined) {
    throw new CliError('MEMBER_UNKNOWN', 'no member with the role publisher has its key in the home: name who signs')
  }
  return found
}
