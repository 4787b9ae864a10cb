import { encode, enumeration, type Infer, list, option, safeU64, struct, text, u8, u16, u32 } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { contractStatus } from './actions.ts'
import {
  type AccountId,
  accountId,
  type CodeHash,
  type ContractId,
  codeHash,
  contractId,
  type MemberId,
  memberId,
  transactionId,
} from './ids.ts'
import {
  bookedInputBytesMax,
  contractNameBytesMax,
  manifestBytesMax,
  rowBytesMax,
  rowKeyBytesMax,
  scriptBytesMax,
  sourceBytesMax,
  sourceMapBytesMax,
  subscribersMax,
} from './limits.ts'
import type { Policy } from './policy.ts'

export const contractRecord = struct({
  /** Who deployed it, and may upgrade and pause it. */
  member: memberId,
  name: text(contractNameBytesMax),
  status: contractStatus,
  code: codeHash,
  vmVersion: u16,
  /** Counts migrations: the rows of each generation are apart. */
  generation: u32,
  account: accountId,
  /** What its triggers may still use. */
  prepaidSteps: safeU64,
  /** Number of the next booking. */
  nextBooking: safeU64,
  /** While it migrates: the code that it will have. */
  nextCode: option(codeHash),
  /** A generation whose rows are being removed. */
  dropping: option(u32),
})
export type ContractRecord = Infer<typeof contractRecord>

/** Published once; `fuel` is what evaluating the script took. */
export const contractCode = struct({
  /** Who published it first. */
  member: memberId,
  vmVersion: u16,
  script: text(scriptBytesMax),
  manifest: text(manifestBytesMax),
  sourceMap: text(sourceMapBytesMax),
  source: text(sourceBytesMax),
  fuel: safeU64,
})
export type ContractCode = Infer<typeof contractCode>

export const contractRow = struct({ key: text(rowKeyBytesMax), value: text(rowBytesMax) })
export type ContractRow = Infer<typeof contractRow>

export const bookingKind = enumeration({ schedule: 1, subscription: 2, migration: 3 })
export const contractBooking = struct({
  kind: bookingKind,
  name: text(contractNameBytesMax),
  input: text(bookedInputBytesMax),
  dueMs: safeU64,
  everyMs: option(safeU64),
  fuel: safeU64,
  /** Tries that failed since the last that succeeded. */
  attempts: u8,
  /** How often its turn came before: rises whenever it is booked again, and numbers its derived transactions. */
  runs: u32,
  /** How many triggers led here, one from the other. */
  hop: u8,
  /** The transaction that booked it. */
  cause: transactionId,
})
export type ContractBooking = Infer<typeof contractBooking>

export const contractSubscription = struct({
  subscribers: list(
    struct({
      contract: contractId,
      name: text(contractNameBytesMax),
      fuel: safeU64,
    }),
    subscribersMax,
  ),
})
export type ContractSubscription = Infer<typeof contractSubscription>

const contractPreimage = struct({ member: memberId, name: text(contractNameBytesMax) })
const accountPreimage = struct({ contract: contractId, label: u32 })
const storagePreimage = struct({ contract: contractId, generation: u32 })
const codePreimage = struct({
  vmVersion: u16,
  script: text(scriptBytesMax),
  source: text(sourceBytesMax),
  sourceMap: text(sourceMapBytesMax),
})
const rowKeyPreimage = struct({ key: text(rowKeyBytesMax) })
const topicPreimage = struct({ topic: text(contractNameBytesMax) })

export function contractIdOf(member: MemberId, name: string): ContractId {
  return taggedHash('tallystick/contract', encode(contractPreimage, { member, name })) as ContractId
}

/** An account of a contract; label 0 is the one that every contract has. */
export function contractAccountIdOf(contract: ContractId, label: number): AccountId {
  return taggedHash('tallystick/contract-account', encode(accountPreimage, { contract, label })) as AccountId
}

export function codeHashOf(code: Infer<typeof codePreimage>): CodeHash {
  return taggedHash('tallystick/contract-code', encode(codePreimage, code)) as CodeHash
}

/** Where a contract's rows of one generation are. */
export function storageIdOf(contract: ContractId, generation: number): Hash {
  return taggedHash('tallystick/contract-storage', encode(storagePreimage, { contract, generation }))
}

/** @param key - The row's key, at most 256 bytes of UTF-8. */
export function rowKeyHashOf(key: string): Hash {
  return taggedHash('tallystick/contract-row-key', encode(rowKeyPreimage, { key }))
}

export function topicHashOf(topic: string): Hash {
  return taggedHash('tallystick/contract-topic', encode(topicPreimage, { topic }))
}

/** The number of a booking as its key has it. */
export function bookingNumber(number: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number))
  return bytes
}

export function numberOfBooking(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0))
}

/** Of a contract's accounts: nobody's key satisfies it. */
export const contractPolicy: Policy = { threshold: 1, keys: [], limits: [], recovery: undefined }
