import { decode, equalBytes } from '../../codec/index.ts'
import { positionRecord } from '../../protocol/index.ts'
import { assertHolds } from '../assertion.ts'
import type { BlockChanges } from './block-changes.ts'
import { positionKind, readTotal } from './position-bytes.ts'
import { blindBytes, type RecordTable } from './record-table.ts'
import { latin1 } from './state-key-text.ts'

/** Key of a position: its kind, the account, the asset. */
const assetAt = 33
/** Sums of numbers stay exact below this. */
const exactMax = 2 ** 52

class Imbalance {
  #posted = 0
  #pending = 0
  #postedWide = 0n
  #pendingWide = 0n

  add(bytes: Uint8Array, view: DataView, at: number, sign: 1 | -1): void {
    const debits = readTotal(view, at)
    const debitsPending = readTotal(view, at + 16)
    const credits = readTotal(view, at + 32)
    const creditsPending = readTotal(view, at + 48)
    if (debits < 0 || debitsPending < 0 || credits < 0 || creditsPending < 0) {
      const position = decode(positionRecord, bytes)
      this.#postedWide += BigInt(sign) * (position.debitsPosted - position.creditsPosted)
      this.#pendingWide += BigInt(sign) * (position.debitsPending - position.creditsPending)
      return
    }
    this.#posted += sign * (debits - credits)
    this.#pending += sign * (debitsPending - creditsPending)
    if (Math.abs(this.#posted) >= exactMax || Math.abs(this.#pending) >= exactMax) this.#carry()
  }

  assertZero(): void {
    this.#carry()
    const posted = this.#postedWide
    const pending = this.#pendingWide
    assertHolds(posted === 0n, () => `posted debits and credits of an asset differ by ${posted}`)
    assertHolds(pending === 0n, () => `pending debits and credits of an asset differ by ${pending}`)
  }

  #carry(): void {
    this.#postedWide += BigInt(this.#posted)
    this.#pendingWide += BigInt(this.#pending)
    this.#posted = 0
    this.#pending = 0
  }
}

/** Debits less credits by asset, posted and pending: all zero, always. */
class Sums {
  readonly #table: RecordTable
  readonly #byAsset = new Map<string, Imbalance>()
  #lastAsset = new Uint8Array(0)
  #last: Imbalance | undefined

  constructor(table: RecordTable) {
    this.#table = table
  }

  add(entry: number, cell: number, length: number, sign: 1 | -1): void {
    if (cell === 0) return
    const { cells } = this.#table
    const at = cells.offsetOf(cell) + blindBytes
    const encoded = cells.chunkOf(cell)
    const bytes = encoded.subarray(at, at + length - blindBytes)
    this.#of(this.#table.keyOf(entry)).add(bytes, cells.viewOf(cell), at, sign)
  }

  assertZero(): void {
    for (const imbalance of this.#byAsset.values()) imbalance.assertZero()
  }

  #of(key: Uint8Array): Imbalance {
    const asset = key.subarray(assetAt)
    if (this.#last !== undefined && equalBytes(asset, this.#lastAsset)) return this.#last
    const text = latin1(asset)
    const known = this.#byAsset.get(text) ?? new Imbalance()
    this.#byAsset.set(text, known)
    this.#lastAsset = asset.slice()
    this.#last = known
    return known
  }
}

/** Asserts that a block's changes moved as much to the debit as to the credit of every asset. */
export function assertConserved(table: RecordTable, changes: BlockChanges): void {
  const sums = new Sums(table)
  for (let change = 0; change < changes.count; change++) {
    const entry = changes.entryAt(change)
    if (table.kindOf(entry) !== positionKind) continue
    sums.add(entry, changes.oldCell(change), changes.oldLength(change), -1)
    sums.add(entry, table.cellOf(entry), table.cellLength(entry), 1)
  }
  sums.assertZero()
}

/** The same over the whole state. */
export function assertBalanced(table: RecordTable): void {
  const sums = new Sums(table)
  for (let entry = 0; entry < table.end; entry++) {
    const cell = table.cellOf(entry)
    if (cell !== 0 && table.kindOf(entry) === positionKind) sums.add(entry, cell, table.cellLength(entry), 1)
  }
  sums.assertZero()
}
