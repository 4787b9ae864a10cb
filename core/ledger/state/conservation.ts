import { decode } from '../../codec/index.ts'
import { positionRecord } from '../../protocol/index.ts'
import { assertHolds } from '../assertion.ts'
import type { BlockChanges } from './block-changes.ts'
import { positionBytes, positionKind, readTotal } from './position-bytes.ts'
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

  add(view: DataView, at: number, sign: 1 | -1): void {
    const debits = readTotal(view, at)
    const debitsPending = readTotal(view, at + 16)
    const credits = readTotal(view, at + 32)
    const creditsPending = readTotal(view, at + 48)
    if (debits < 0 || debitsPending < 0 || credits < 0 || creditsPending < 0) {
      const position = decode(positionRecord, new Uint8Array(view.buffer, view.byteOffset + at, positionBytes))
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
  #lastEntry = -1
  #last: Imbalance | undefined

  constructor(table: RecordTable) {
    this.#table = table
  }

  add(entry: number, cell: number, sign: 1 | -1): void {
    if (cell === 0) return
    const { cells } = this.#table
    this.#of(entry).add(cells.viewOf(cell), cells.offsetOf(cell) + blindBytes, sign)
  }

  assertZero(): void {
    for (const imbalance of this.#byAsset.values()) imbalance.assertZero()
  }

  #of(entry: number): Imbalance {
    if (this.#last !== undefined && this.#isSameAsset(entry)) return this.#last
    const text = latin1(this.#table.keyOf(entry).subarray(assetAt))
    const known = this.#byAsset.get(text) ?? new Imbalance()
    this.#byAsset.set(text, known)
    this.#lastEntry = entry
    this.#last = known
    return known
  }

  /** Most changes of a block are of one asset. */
  #isSameAsset(entry: number): boolean {
    const table = this.#table
    const words = table.pathWordsOf(entry)
    const others = table.pathWordsOf(this.#lastEntry)
    const at = table.idsWord(entry) + 8
    const other = table.idsWord(this.#lastEntry) + 8
    for (let i = 0; i < 8; i++) if (words[at + i] !== others[other + i]) return false
    return true
  }
}

/** Asserts that a block's changes moved as much to the debit as to the credit of every asset. */
export function assertConserved(table: RecordTable, changes: BlockChanges): void {
  const sums = new Sums(table)
  for (let change = 0; change < changes.count; change++) {
    const entry = changes.entryAt(change)
    if (table.kindOf(entry) !== positionKind) continue
    sums.add(entry, changes.oldCell(change), -1)
    sums.add(entry, table.cellOf(entry), 1)
  }
  sums.assertZero()
}

/** The same over the whole state. */
export function assertBalanced(table: RecordTable): void {
  const sums = new Sums(table)
  for (let entry = 0; entry < table.end; entry++) {
    const cell = table.cellOf(entry)
    if (cell !== 0 && table.kindOf(entry) === positionKind) sums.add(entry, cell, 1)
  }
  sums.assertZero()
}
