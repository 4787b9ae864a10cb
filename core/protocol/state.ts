import {
  bytes32,
  type Codec,
  encode,
  enumeration,
  fixedBytes,
  type Infer,
  list,
  option,
  safeU64,
  struct,
  text,
  u8,
  u32,
  u64,
  u128,
  variant,
} from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { accountKind, accountStatus, assetKind, assetStatus } from './actions.ts'
import { contractBooking, contractCode, contractRecord, contractRow, contractSubscription } from './contract-records.ts'
import { accountId, assetId, codeHash, contractId, holdId, identifierBytesMax, memberId, transactionId } from './ids.ts'
import { textBytesMax, warmCodesMax } from './limits.ts'
import { policy } from './policy.ts'
import { receiptPointer } from './receipt.ts'

export const memberRole = enumeration({
  validator: 1,
  issuer: 2,
  registrar: 3,
  compliance: 4,
  auditor: 5,
  regulator: 6,
  bank: 7,
  /** May deploy contracts. */
  publisher: 8,
})
export type MemberRole = Infer<typeof memberRole>

/** What a member may use of each block. */
export const memberQuota = struct({ stepsPerBlock: safeU64, writtenBytesPerBlock: safeU64 })

export const memberRecord = struct({
  identifier: text(identifierBytesMax),
  name: text(textBytesMax),
  roles: list(memberRole, 16),
  policy,
  quota: memberQuota,
  /** Paid for state and refunded on deletion; recorded at price zero until the price is governed. */
  deposit: u128,
  /** Records that the member keeps in the state. */
  records: safeU64,
})
export type MemberRecord = Infer<typeof memberRecord>

export const accountRecord = struct({
  member: memberId,
  accountKind,
  parent: option(accountId),
  policy,
  status: accountStatus,
  /** Positions that are not zero; an account with any can't be closed. */
  openPositions: u32,
  nextTicket: safeU64,
  commitment: option(bytes32),
})
export type AccountRecord = Infer<typeof accountRecord>

/** Whether a position's balance is credits less debits, or the other way round (issuance accounts). */
export const normalSide = enumeration({ credit: 1, debit: 2 })

/**
 * An account's stand in one asset, after TigerBeetle's model. Available balance = posted on the normal side − posted on
 * the other − pending on the other − frozen, and it never goes below −creditLine.
 */
export const positionRecord = struct({
  debitsPosted: u128,
  debitsPending: u128,
  creditsPosted: u128,
  creditsPending: u128,
  normalSide,
  creditLine: u128,
  frozen: u128,
  entries: u64,
  /** Link of the hash chain over all entries (receipt.ts). */
  entriesLink: bytes32,
})
export type PositionRecord = Infer<typeof positionRecord>

export const assetRecord = struct({
  issuer: memberId,
  code: text(identifierBytesMax),
  name: text(textBytesMax),
  assetKind,
  decimals: u8,
  issuanceAccount: accountId,
  supplyMax: option(u128),
  status: assetStatus,
})
export type AssetRecord = Infer<typeof assetRecord>

export const holdRecord = struct({
  debit: accountId,
  credit: accountId,
  asset: assetId,
  amount: u128,
  expiresMs: safeU64,
  controller: accountId,
  transaction: transactionId,
  action: u32,
})
export type HoldRecord = Infer<typeof holdRecord>

export const ticketRecord = struct({ expiresMs: safeU64 })

/** The first use of a reference. */
export const referenceRecord = struct({ content: bytes32, first: receiptPointer })
export type ReferenceRecord = Infer<typeof referenceRecord>

/** Where a recent id was executed. */
export const recentIdRecord = struct({ height: safeU64, index: u32 })
export type RecentIdRecord = Infer<typeof recentIdRecord>

/** The root of a nested trie. */
export const nestedRoot = struct({ root: bytes32 })

/** Steps that triggers of a minute may use. */
export const bookedMinute = struct({ steps: safeU64 })

/** Codes that a call needn't pay for evaluating, the one that came last first. */
export const warmCodes = struct({ codes: list(codeHash, warmCodesMax) })

/** The keys of the state. The number of a kind is its namespace. */
export const stateKey = variant({
  member: [1, struct({ member: memberId })],
  account: [2, struct({ account: accountId })],
  position: [3, struct({ account: accountId, asset: assetId })],
  asset: [4, struct({ asset: assetId })],
  hold: [5, struct({ hold: holdId })],
  ticket: [6, struct({ account: accountId, number: safeU64 })],
  /** Nested trie of the ids whose `validUntil` lies in the minute (Unix minutes). */
  'recent-ids': [7, struct({ minute: safeU64 })],
  /** Nested trie of the references of a business day (days since 1970). */
  references: [8, struct({ businessDay: u32 })],
  contract: [9, struct({ contract: contractId })],
  'contract-code': [10, struct({ code: codeHash })],
  /** @see storageIdOf, rowKeyHashOf */
  'contract-row': [11, struct({ storage: bytes32, key: bytes32 })],
  /** Numbers are big-endian, so that bookings of one moment sort by them. */
  'contract-booking': [12, struct({ contract: contractId, number: fixedBytes(8) })],
  /** What is booked in a minute (Unix minutes). */
  'booked-minute': [13, struct({ minute: safeU64 })],
  'contract-subscription': [14, struct({ source: bytes32, topic: bytes32 })],
  /** The one record of it: the codes that every node has at hand. */
  'warm-codes': [15, struct({})],
})
export type StateKey = Infer<typeof stateKey>
export type StateKeyKind = StateKey['kind']

/** The keys inside nested tries. */
export const nestedKey = variant({
  'recent-id': [16, struct({ transaction: transactionId })],
  reference: [17, struct({ member: memberId, key: bytes32 })],
})
export type NestedKey = Infer<typeof nestedKey>

/** The codec of the record under each kind of key. */
export const stateRecordCodecs = {
  member: memberRecord,
  account: accountRecord,
  position: positionRecord,
  asset: assetRecord,
  hold: holdRecord,
  ticket: ticketRecord,
  'recent-ids': nestedRoot,
  references: nestedRoot,
  contract: contractRecord,
  'contract-code': contractCode,
  'contract-row': contractRow,
  'contract-booking': contractBooking,
  'booked-minute': bookedMinute,
  'contract-subscription': contractSubscription,
  'warm-codes': warmCodes,
} as const satisfies Record<StateKeyKind, Codec<never> | Codec<object>>
export type StateRecord<K extends StateKeyKind> = Infer<(typeof stateRecordCodecs)[K]>

export const nestedRecordCodecs = { 'recent-id': recentIdRecord, reference: referenceRecord } as const
export type NestedRecord<K extends NestedKey['kind']> = Infer<(typeof nestedRecordCodecs)[K]>

export function statePath(key: StateKey): Hash {
  return taggedHash('tallystick/state-path', encode(stateKey, key))
}

export function nestedPath(key: NestedKey): Hash {
  return taggedHash('tallystick/nested-path', encode(nestedKey, key))
}

/** What a record without a predecessor is blinded with in place of one. */
export const noBlind: Hash = new Uint8Array(32)

/**
 * The blind of a record that an action writes. It depends on the blind before, so that whoever pays into a position, and
 * knows the salt, still can't try balances against the record's digest in a neighbour's proof.
 * @param salt - The action's blinding salt; for genesis the genesis hash. A derived transaction has no nonce, so it takes
 *   the blind of the record that it replaces or ends: only who could see that one can see the next.
 * @param before - The blind that the record had at the end of the last block; for a new record `noBlind`, and the blind of
 *   its first version where the block that makes it writes it again.
 */
export function stateBlind(salt: Hash, path: Hash, before: Hash): Hash {
  return taggedHash('tallystick/state-blind', salt, path, before)
}

/** The blind of roots of nested tries: nobody can guess those. */
export const nestedRootBlind: Hash = new Uint8Array(32)

/** What the trie's leaf holds of a record. */
export function stateDigest(encodedRecord: Uint8Array, blind: Hash): Hash {
  return taggedHash('tallystick/state-record', blind, encodedRecord)
}
