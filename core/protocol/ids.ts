import { branded, bytes32, type Codec, encode, struct, text, u32, version } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { type Policy, policy } from './policy.ts'

declare const brand: unique symbol
type Id<Name> = Uint8Array & { readonly [brand]: Name }

export type LedgerId = Id<'ledger'>
export type MemberId = Id<'member'>
export type AccountId = Id<'account'>
export type AssetId = Id<'asset'>
export type HoldId = Id<'hold'>
export type TransactionId = Id<'transaction'>
export type BatchDigest = Id<'batch'>
export type BlockHash = Id<'block'>
export type ContractId = Id<'contract'>
/** Of a contract's code: the same code has the same one, whoever publishes it. */
export type CodeHash = Id<'code'>

const id = <T>(): Codec<T> => branded<T>()(bytes32) as Codec<T>

export const ledgerId: Codec<LedgerId> = id()
export const memberId: Codec<MemberId> = id()
export const accountId: Codec<AccountId> = id()
export const assetId: Codec<AssetId> = id()
export const holdId: Codec<HoldId> = id()
export const transactionId: Codec<TransactionId> = id()
export const batchDigest: Codec<BatchDigest> = id()
export const blockHash: Codec<BlockHash> = id()
export const contractId: Codec<ContractId> = id()
export const codeHash: Codec<CodeHash> = id()

/** The longest identifier of a member (an LEI or a registry's code) and of an asset, in bytes. */
export const identifierBytesMax = 64

const memberPreimage = struct({ identifier: text(identifierBytesMax) })
const accountPreimage = struct({ version: version(1), member: memberId, policy, salt: bytes32 })
const assetPreimage = struct({ issuer: memberId, code: text(identifierBytesMax) })
const ledgerPreimage = struct({ genesis: bytes32, shard: u32 })
const holdPreimage = struct({ transaction: transactionId, action: u32 })

/** The ledger's chain id: every signature is bound to it. */
export function ledgerIdOf(genesis: Hash, shard: number): LedgerId {
  return taggedHash('tallystick/ledger', encode(ledgerPreimage, { genesis, shard })) as LedgerId
}

/** @param identifier - The organisation's LEI, or its code in the register that the genesis names. */
export function memberIdOf(identifier: string): MemberId {
  return taggedHash('tallystick/member', encode(memberPreimage, { identifier })) as MemberId
}

/** An account's id commits to its first policy, so it can be computed, and paid to, before the account is opened. */
export function accountIdOf(member: MemberId, firstPolicy: Policy, salt: Hash): AccountId {
  const preimage = { version: 1 as const, member, policy: firstPolicy, salt }
  return taggedHash('tallystick/account', encode(accountPreimage, preimage)) as AccountId
}

export function assetIdOf(issuer: MemberId, code: string): AssetId {
  return taggedHash('tallystick/asset', encode(assetPreimage, { issuer, code })) as AssetId
}

/** @param action - Index of the hold's action among all actions of the transaction. */
export function holdIdOf(transaction: TransactionId, action: number): HoldId {
  return taggedHash('tallystick/hold', encode(holdPreimage, { transaction, action })) as HoldId
}
