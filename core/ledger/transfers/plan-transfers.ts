import { type AssetId, type PlainTransfers, type ResultCode, transferAt } from '../../protocol/index.ts'
import { assetProblem } from '../actions/movable.ts'
import { accountField, accountKeyKind, statusAt } from '../state/account-bytes.ts'
import { positionField, positionKind, readTotal, totalMax } from '../state/position-bytes.ts'
import { blindBytes, type RecordTable } from '../state/record-table.ts'
import type { StateStore } from '../state/state-store.ts'
import { equalAt } from './judge-plain.ts'

const issuanceKind = 3
const contractKind = 5
/** By the number of an account's status. */
const statusProblem: readonly (ResultCode | undefined)[] = [undefined, undefined, 'ACCOUNT_FROZEN', 'ACCOUNT_CLOSED']

/** An asset that transfers name one after another, as it stands while only transfers are executed. */
interface NamedAsset {
  readonly id: Uint8Array
  readonly problem: ResultCode | undefined
}

/**
 * What the transfers of one transaction will do, found out before any of them is done. One object serves all transactions,
 * since none of it is kept.
 */
export class TransferPlan {
  problems: (ResultCode | undefined)[] = []
  /** Entries of the positions; negative where there is none yet. */
  debits = new Int32Array(16)
  credits = new Int32Array(16)
  amounts = new Float64Array(16)
  #asset: NamedAsset | undefined

  /** Forgets what other actions may change. */
  forget(): void {
    this.#asset = undefined
  }

  /**
   * Looks up what the transfers of a transaction touch. None of it changes while they run, but for positions that they make.
   * @param debtor - Entry of the account that all of them debit.
   * @returns false if a number is too large for the fast lane; then the general rules do the transaction.
   */
  make(state: StateStore, plain: PlainTransfers, view: DataView, debtor: number): boolean {
    const { bytes, count, transfers, accountAt } = plain
    const { table } = state
    this.#reserve(count)
    const debtorProblem = accountProblem(table, debtor)
    let sum = 0
    let debitOf = -1
    let debit = -1
    for (let i = 0; i < count; i++) {
      const tagAt = transfers[i]!
      const amount = readTotal(view, tagAt + transferAt.amount)
      if (amount < 0) return false
      sum += amount
      this.amounts[i] = amount
      const assetAt = tagAt + transferAt.asset
      const assetProblem = this.#assetProblem(state, bytes, assetAt)
      if (debitOf < 0 || !equalAt(bytes, debitOf, bytes, assetAt, 32)) {
        debitOf = assetAt
        debit = table.findByIds(positionKind, view, accountAt, view, assetAt)
        if (!isNarrow(table, debit)) return false
      }
      const creditAt = tagAt + transferAt.credit
      const credit = table.findByIds(positionKind, view, creditAt, view, assetAt)
      if (!isNarrow(table, credit)) return false
      const creditor = table.findById(accountKeyKind, view, creditAt)
      if (isOfContract(table, creditor)) return false
      this.debits[i] = debit
      this.credits[i] = credit
      this.problems[i] = equalAt(bytes, accountAt, bytes, creditAt, 32)
        ? 'SAME_ACCOUNT'
        : (assetProblem ?? debtorProblem ?? accountProblem(table, creditor))
    }
    return sum < totalMax
  }

  #assetProblem(state: StateStore, bytes: Uint8Array, at: number): ResultCode | undefined {
    if (this.#asset === undefined || !equalAt(this.#asset.id, 0, bytes, at, 32)) {
      const id = bytes.slice(at, at + 32)
      this.#asset = { id, problem: assetProblem(state.asset(id as Uint8Array as AssetId)) }
    }
    return this.#asset.problem
  }

  #reserve(count: number): void {
    if (count <= this.debits.length) return
    this.debits = new Int32Array(2 * count)
    this.credits = new Int32Array(2 * count)
    this.amounts = new Float64Array(2 * count)
  }
}

/** Why an account can't take part, as `customerAccountProblem` says it. */
function accountProblem(table: RecordTable, entry: number): ResultCode | undefined {
  if (entry < 0) return 'ACCOUNT_UNKNOWN'
  const cell = table.cellOf(entry)
  const view = table.cells.viewOf(cell)
  const at = table.cells.offsetOf(cell) + blindBytes
  if (view.getUint8(at + accountField.accountKind) === issuanceKind) return 'ISSUANCE_ACCOUNT_USED'
  return statusProblem[view.getUint8(statusAt(view, at))]
}

/** Contracts may listen to what they are credited, which the general rules know of. */
function isOfContract(table: RecordTable, entry: number): boolean {
  if (entry < 0) return false
  const cell = table.cellOf(entry)
  return (
    table.cells.viewOf(cell).getUint8(table.cells.offsetOf(cell) + blindBytes + accountField.accountKind) ===
    contractKind
  )
}

/** Whether all numbers of a position are small enough to add to. */
function isNarrow(table: RecordTable, entry: number): boolean {
  if (entry < 0) return true
  const cell = table.cellOf(entry)
  const view = table.cells.viewOf(cell)
  const at = table.cells.offsetOf(cell) + blindBytes
  const high =
    highBits(view, at + positionField.debitsPosted) |
    highBits(view, at + positionField.debitsPending) |
    highBits(view, at + positionField.creditsPosted) |
    highBits(view, at + positionField.creditsPending) |
    highBits(view, at + positionField.creditLine) |
    highBits(view, at + positionField.frozen)
  return high === 0
}

/** What `readTotal` could not take of a number. */
function highBits(view: DataView, at: number): number {
  return (view.getInt32(at + 4, true) >>> 20) | view.getInt32(at + 8, true) | view.getInt32(at + 12, true)
}
