import type { AccountId, MemberId, PlainTransfers } from '../../protocol/index.ts'
import { permission, requiredLimitsOfTransfers, validityWindowMs } from '../../protocol/index.ts'
import type { BlockScope } from '../block-scope.ts'
import { accountKeyKind, policyAt } from '../state/account-bytes.ts'
import { blindBytes, type RecordTable } from '../state/record-table.ts'

const ed25519 = 1

/** What an encoded account record says, as far as its own transfers depend on it. */
export interface PlainAccount {
  readonly entry: number
  readonly bytes: Uint8Array
  /** Where its member stands in `bytes`. */
  readonly memberAt: number
}

/**
 * Whether the fast lane may take a transaction: it is of this ledger, valid now, within its declared limits, paid by its
 * account's member, and signed by the sole key of the account's policy. Everything else, and every refusal of it, is left to
 * the general rules, which say the same about what passes here.
 */
export function judgePlain(block: BlockScope, plain: PlainTransfers, view: DataView): PlainAccount | undefined {
  const { bytes, validUntilMs, count } = plain
  if (validUntilMs <= block.timeMs || validUntilMs > block.timeMs + validityWindowMs) return undefined
  if (!equalAt(block.ledger, 0, bytes, plain.ledgerAt, 32)) return undefined
  const required = requiredLimitsOfTransfers(count)
  if (plain.steps < required.steps || plain.writtenBytes < required.writtenBytes) return undefined

  const { table } = block.state
  const entry = table.findById(accountKeyKind, view, plain.accountAt)
  if (entry < 0) return undefined
  const account = readSoleKey(table, entry)
  if (account === undefined || !equalAt(account.bytes, account.keyAt, bytes, plain.publicKeyAt, 32)) return undefined
  if (!equalAt(account.bytes, account.memberAt, bytes, plain.payerAt, 32)) return undefined
  return account
}

/** The record of an account whose policy is one Ed25519 key that may spend alone. */
function readSoleKey(table: RecordTable, entry: number): (PlainAccount & { keyAt: number }) | undefined {
  const cell = table.cellOf(entry)
  const bytes = table.cells.chunkOf(cell)
  const view = table.cells.viewOf(cell)
  const memberAt = table.cells.offsetOf(cell) + blindBytes
  const policy = policyAt(view, memberAt)
  const threshold = view.getUint32(policy, true)
  if (view.getUint32(policy + 4, true) !== 1 || bytes[policy + 8] !== ed25519) return undefined
  const keyAt = policy + 13
  const weight = view.getUint16(keyAt + 32, true)
  const permissions = view.getUint32(keyAt + 34, true)
  const hasMore = view.getUint32(keyAt + 38, true) !== 0 || bytes[keyAt + 42] !== 0
  if (weight < threshold || (permissions & permission.spend) === 0 || hasMore) return undefined
  return { entry, bytes, memberAt, keyAt }
}

export function equalAt(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aAt + i] !== b[bAt + i]) return false
  return true
}

export function memberOf({ bytes, memberAt }: PlainAccount): MemberId {
  return bytes.slice(memberAt, memberAt + 32) as Uint8Array as MemberId
}

export function accountOf({ bytes, accountAt }: PlainTransfers): AccountId {
  return bytes.slice(accountAt, accountAt + 32) as Uint8Array as AccountId
}
