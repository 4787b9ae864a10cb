import type { PositionRecord } from '../protocol/index.ts'
import { assertHolds } from './assertion.ts'
import { latin1 } from './state-key-text.ts'
import type { StateSlot, StateStore } from './state-store.ts'

interface Imbalance {
  posted: bigint
  pending: bigint
}

/** Debits less credits by asset, posted and pending: all zero, always. */
class Sums {
  readonly #byAsset = new Map<string, Imbalance>()

  add({ key, slot }: StateSlot, sign: 1n | -1n): void {
    if (key.kind !== 'position') return
    const text = latin1(key.asset)
    let sums = this.#byAsset.get(text)
    if (sums === undefined) {
      sums = { posted: 0n, pending: 0n }
      this.#byAsset.set(text, sums)
    }
    const position = slot.record as PositionRecord
    sums.posted += sign * (position.debitsPosted - position.creditsPosted)
    sums.pending += sign * (position.debitsPending - position.creditsPending)
  }

  assertZero(): void {
    for (const { posted, pending } of this.#byAsset.values()) {
      assertHolds(posted === 0n, () => `posted debits and credits of an asset differ by ${posted}`)
      assertHolds(pending === 0n, () => `pending debits and credits of an asset differ by ${pending}`)
    }
  }
}

/** Asserts that a block's changes moved as much to the debit as to the credit of every asset. */
export function assertConserved(
  changes: Iterable<{ before: StateSlot | undefined; after: StateSlot | undefined }>,
): void {
  const sums = new Sums()
  for (const { before, after } of changes) {
    if (before !== undefined) sums.add(before, -1n)
    if (after !== undefined) sums.add(after, 1n)
  }
  sums.assertZero()
}

/** The same over the whole state. */
export function assertBalanced(state: StateStore): void {
  const sums = new Sums()
  for (const slot of state.slots()) sums.add(slot, 1n)
  sums.assertZero()
}
