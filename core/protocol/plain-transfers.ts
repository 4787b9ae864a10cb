import { actionsMax } from './limits.ts'

/**
 * The commonest form of a transaction, read without making values of it: one account authorizes, one Ed25519 signature, no
 * ticket, and every group is one un-netted transfer from that account without a reference (a commitment is allowed). A node
 * reads thousands of these a second, and the codec costs ten times as much. All offsets count from the start of `bytes`.
 */
export interface PlainTransfers {
  /** What it stands in: a batch, a submission, or the transaction alone. */
  readonly bytes: Uint8Array
  /** The encoded transaction is `bytes.subarray(start, end)`. */
  readonly start: number
  readonly end: number
  readonly ledgerAt: number
  readonly validUntilMs: number
  readonly payerAt: number
  readonly steps: number
  readonly writtenBytes: number
  /** The sole authorizer, which every transfer debits. */
  readonly accountAt: number
  /** 16 bytes. */
  readonly nonceAt: number
  readonly count: number
  /** Where each action's tag stands; `transferAt` has the distances of its fields. */
  readonly transfers: Int32Array
  readonly witnessAt: number
  readonly publicKeyAt: number
  readonly signatureAt: number
}

/** Distances from a transfer's tag: amount is 16 bytes, little-endian; a commitment of 32 bytes follows its flag if that is 1. */
export const transferAt = { debit: 1, credit: 33, asset: 65, amount: 97, reference: 113, commitment: 114 } as const
/** A transfer without its commitment. */
export const transferBytes = 115

/** Distances from a transaction's start; version, tag and counts before the authorizer are fixed. */
const envelopeAt = {
  ledger: 1,
  validUntilMs: 33,
  ticket: 41,
  payer: 42,
  steps: 74,
  writtenBytes: 82,
  authorizers: 90,
  authorizer: 94,
  account: 95,
  nonce: 127,
  groups: 143,
  firstGroup: 147,
} as const
/** `netted` and the number of actions, before each action. */
const groupHeadBytes = 5
const witnessBytes = 4 + 1 + 4 + 32 + 4 + 64
const wordRange = 2 ** 32
const safeHighMax = 2 ** 21 - 1

/**
 * @returns `undefined` for another form, or what is malformed: the codec decides then. What is taken, the codec
 *   `transaction` takes too, with the same meaning.
 */
export function readPlainTransfers(bytes: Uint8Array, at: number): PlainTransfers | undefined {
  const smallest = envelopeAt.firstGroup + groupHeadBytes + transferBytes + witnessBytes
  if (bytes.length - at < smallest) return undefined
  if (bytes[at] !== 1 || bytes[at + envelopeAt.ticket] !== 0) return undefined
  if (u32At(bytes, at + envelopeAt.authorizers) !== 1 || bytes[at + envelopeAt.authorizer] !== 1) return undefined
  const count = u32At(bytes, at + envelopeAt.groups)
  if (count === 0 || count > actionsMax) return undefined
  const validUntilMs = safeU64At(bytes, at + envelopeAt.validUntilMs)
  const steps = safeU64At(bytes, at + envelopeAt.steps)
  const writtenBytes = safeU64At(bytes, at + envelopeAt.writtenBytes)
  if (validUntilMs < 0 || steps < 0 || writtenBytes < 0) return undefined

  const accountAt = at + envelopeAt.account
  const groupsAt = at + envelopeAt.firstGroup
  if (bytes.length - groupsAt < count * (groupHeadBytes + transferBytes) + witnessBytes) return undefined
  const transfers = new Int32Array(count)
  let end = groupsAt
  for (let i = 0; i < count; i++) {
    const tagAt = end + groupHeadBytes
    if (bytes.length - tagAt < transferBytes || !isPlainGroup(bytes, end, accountAt)) return undefined
    transfers[i] = tagAt
    end = tagAt + transferBytes + (bytes[tagAt + transferAt.commitment] === 1 ? 32 : 0)
  }

  const witnessAt = end
  const publicKeyAt = witnessAt + 9
  const signatureAt = publicKeyAt + 36
  if (bytes.length - witnessAt < witnessBytes) return undefined
  if (u32At(bytes, witnessAt) !== 1 || bytes[witnessAt + 4] !== 1) return undefined
  if (u32At(bytes, witnessAt + 5) !== 32 || u32At(bytes, publicKeyAt + 32) !== 64) return undefined
  return {
    bytes,
    start: at,
    end: witnessAt + witnessBytes,
    ledgerAt: at + envelopeAt.ledger,
    validUntilMs,
    payerAt: at + envelopeAt.payer,
    steps,
    writtenBytes,
    accountAt,
    nonceAt: at + envelopeAt.nonce,
    count,
    transfers,
    witnessAt,
    publicKeyAt,
    signatureAt,
  }
}

/** A group of one un-netted transfer that debits the account, up to its commitment's flag. */
function isPlainGroup(bytes: Uint8Array, groupAt: number, accountAt: number): boolean {
  if (bytes[groupAt] !== 0 || u32At(bytes, groupAt + 1) !== 1) return false
  const tagAt = groupAt + groupHeadBytes
  if (bytes[tagAt] !== 1 || bytes[tagAt + transferAt.reference] !== 0) return false
  if (bytes[tagAt + transferAt.commitment]! > 1) return false
  const debitAt = tagAt + transferAt.debit
  for (let i = 0; i < 32; i++) if (bytes[debitAt + i] !== bytes[accountAt + i]) return false
  const amountAt = tagAt + transferAt.amount
  for (let i = 0; i < 16; i++) if (bytes[amountAt + i] !== 0) return true
  return false
}

function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** −1 for what is above 2^53 − 1. */
function safeU64At(bytes: Uint8Array, at: number): number {
  const high = u32At(bytes, at + 4)
  return high > safeHighMax ? -1 : high * wordRange + u32At(bytes, at)
}
