import { type AssetId, type PlainTransfers, type ResultCode, transferAt } from '../../protocol/index.ts'
import { assetProblem } from '../actions/movable.ts'
import { positionField, positionKind, readTotal, totalMax } from '../state/position-bytes.ts'
import { blindBytes } from '../state/record-table.ts'
import type { StateStore } from '../state/state-store.ts'
import { equalAt } from './judge-plain.ts'

const accountKind = 2
const issuanceKind = 3
/** By the number of an account's status. */
const statusProblem: readonly (ResultCode | undefined)[] = [undefined, undefined, 'ACCOUNT_FROZEN', 'ACCOUNT_CLOSED']

/** What the transfers of one transaction will do, found out before any of them is done. */
export interface TransferPlan {
  readonly problems: readonly (ResultCode | undefined)[]
  /** Entries of the positions; negative where there is none yet. */
  readonly debits: Int32Array
  readonly credits: Int32Array
  readonly amounts: Float64Array
}

/**
 * Looks up what the transfers of a transaction touch. None of what is looked up here changes while they run, but for
 * positions that they make.
 * @returns undefined if a number is too large for the fast lane; then the general rules do the transaction.
 */
export function planTransfers(state: StateStore, plain: PlainTransfers): TransferPlan | undefined {
  const { bytes, count, transfers, accountAt } = plain
  const { table } = state
  const problems: (ResultCode | undefined)[] = new Array(count)
  const debits = new Int32Array(count)
  const credits = new Int32Array(count)
  const amounts = new Float64Array(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const debtor = accountProblemAt(state, bytes, accountAt)
  let sum = 0
  let asset: { at: number; problem: ResultCode | undefined; debit: number } | undefined
  for (let i = 0; i < count; i++) {
    const tagAt = transfers[i]!
    const amount = readTotal(view, tagAt + transferAt.amount)
    if (amount < 0) return undefined
    sum += amount
    amounts[i] = amount
    const assetAt = tagAt + transferAt.asset
    if (asset === undefined || !equalAt(bytes, asset.at, bytes, assetAt, 32)) {
      const problem = assetProblem(state.asset(bytes.slice(assetAt, assetAt + 32) as Uint8Array as AssetId))
      const debit = table.findByIds(positionKind, bytes, accountAt, bytes, assetAt)
      if (!isNarrow(state, debit)) return undefined
      asset = { at: assetAt, problem, debit }
    }
    const creditAt = tagAt + transferAt.credit
    debits[i] = asset.debit
    credits[i] = table.findByIds(positionKind, bytes, creditAt, bytes, assetAt)
    problems[i] = equalAt(bytes, accountAt, bytes, creditAt, 32)
      ? 'SAME_ACCOUNT'
      : (asset.problem ?? debtor ?? accountProblemAt(state, bytes, creditAt))
    if (!isNarrow(state, credits[i]!)) return undefined
  }
  return sum < totalMax ? { problems, debits, credits, amounts } : undefined
}

/** Why an account can't take part, as `customerAccountProblem` says it. */
function accountProblemAt(state: StateStore, bytes: Uint8Array, at: number): ResultCode | undefined {
  const { table } = state
  const entry = table.findById(accountKind, bytes, at)
  if (entry < 0) return 'ACCOUNT_UNKNOWN'
  const cell = table.cellOf(entry)
  const record = table.cells.chunkOf(cell)
  const from = table.cells.offsetOf(cell) + blindBytes
  if (record[from + 32] === issuanceKind) return 'ISSUANCE_ACCOUNT_USED'
  return statusProblem[record[statusOffset(record, from)]!]
}

/** The status stands behind a policy of any length. */
function statusOffset(record: Uint8Array, from: number): number {
  let at = from + 34 + (record[from + 33] === 1 ? 32 : 0) + 4
  at = skipKeys(record, at)
  at += 4 + u32At(record, at) * (32 + 8 + 16)
  const hasRecovery = record[at++] === 1
  return hasRecovery ? skipKeys(record, at + 4) + 8 : at
}

function skipKeys(record: Uint8Array, countAt: number): number {
  let at = countAt + 4
  for (let left = u32At(record, countAt); left > 0; left--) at += 1 + 4 + u32At(record, at + 1) + 2 + 4
  return at
}

function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** Whether all numbers of a position are small enough to add to. */
function isNarrow({ table }: StateStore, entry: number): boolean {
  if (entry < 0) return true
  const cell = table.cellOf(entry)
  const view = table.cells.viewOf(cell)
  const at = table.cells.offsetOf(cell) + blindBytes
  return (
    readTotal(view, at + positionField.debitsPosted) >= 0 &&
    readTotal(view, at + positionField.debitsPending) >= 0 &&
    readTotal(view, at + positionField.creditsPosted) >= 0 &&
    readTotal(view, at + positionField.creditsPending) >= 0 &&
    readTotal(view, at + positionField.creditLine) >= 0 &&
    readTotal(view, at + positionField.frozen) >= 0
  )
}
