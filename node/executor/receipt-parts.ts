import { toHex } from '@tallystick/core/codec'
import { type Hash, listTreeOfPacked, rangePath, type TreeList } from '@tallystick/core/crypto'
import { type HistoryProof, type ReceiptProof, receiptListKind, type TransactionId } from '@tallystick/core/protocol'
import type { Executor } from './executor.ts'
import { LastUsed } from './last-used.ts'
import { historyNodeKey } from './store-keys.ts'
import { readReceipt } from './stored-blocks.ts'
import type { StoredReceipt } from './stored-receipts.ts'

/** Bounds of what is kept, in actions (some 600 bytes each, as an object some KiB) and in receipts (64 bytes each). */
const actionsKeptMax = 24_576
const receiptsKeptMax = 65_536

/** Which parts to show beside a receipt: all of a list, or these indexes. */
export type Selection = 'all' | readonly number[]

export interface WantedParts {
  readonly items: Selection
  readonly entries: Selection
  readonly events: Selection
  readonly components: Selection
}

/** A receipt's proof without the anchor, which the main thread adds. */
export type ReceiptParts = Omit<ReceiptProof, 'version' | 'anchor'>

/** The proof of an executed block under the history up to `certifiedHeight`. */
export function historyProofOf(executor: Executor, height: number, certifiedHeight: number): HistoryProof | undefined {
  const at = executor.resultsAt(height)
  if (at === undefined || height > certifiedHeight) return undefined
  const nodeAt = (level: number, index: number): Hash => executor.store.index.getSync(historyNodeKey(level, index))!
  return { record: executor.store.results.head(at).record, path: rangePath(certifiedHeight + 1, height, nodeAt) }
}

/** Makes proofs of receipts, and keeps the trees of the last ones: a packed payment file asks for the same ones often. */
export class ReceiptProver {
  readonly #executor: Executor
  readonly #opened = new LastUsed<string, StoredReceipt>(actionsKeptMax, ({ items }) => items.length)
  readonly #receipts = new LastUsed<number, TreeList<Hash>>(receiptsKeptMax, ({ length }) => 1 + length)

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** `undefined` if there is no such receipt, or it is not certified at that height. */
  prove(id: TransactionId, wanted: WantedParts, certifiedHeight: number): ReceiptParts | 'pending' | undefined {
    const opened = this.#open(id)
    if (opened === undefined) return undefined
    const { receipt, items, entries, events, components } = opened
    const { height, index } = receipt.position
    const history = historyProofOf(this.#executor, height, certifiedHeight)
    if (history === undefined) return 'pending'
    const receipts = this.#receiptsOf(height)
    return {
      history,
      receipt,
      receiptCount: receipts.length,
      receiptPath: receipts.tree.path(index),
      items: show(items, wanted.items).map(({ index: _, ...shown }) => shown),
      entries: show(entries, wanted.entries),
      events: show(events, wanted.events),
      components: components === undefined ? [] : show(components, wanted.components),
      disclosures: [],
    }
  }

  #open(id: TransactionId): StoredReceipt | undefined {
    const hex = toHex(id)
    const known = this.#opened.get(hex)
    if (known !== undefined) return known
    const opened = readReceipt(this.#executor, id)
    if (opened !== undefined) this.#opened.set(hex, opened)
    return opened
  }

  #receiptsOf(height: number): TreeList<Hash> {
    return this.#receipts.getOrMake(height, () => {
      const leaves = this.#executor.store.results.leaves(this.#executor.resultsAt(height)!)
      return {
        length: leaves.length / 32,
        at: (index) => leaves.slice(32 * index, 32 * index + 32),
        tree: listTreeOfPacked(receiptListKind.receipts, leaves),
      }
    })
  }
}

function show<T extends object>(list: TreeList<T>, wanted: Selection) {
  return select(wanted, list.length).map((index) => {
    return { ...list.at(index), index, count: list.length, path: list.tree.path(index) }
  })
}

function select(wanted: Selection, count: number): number[] {
  if (wanted === 'all') return Array.from({ length: count }, (_, i) => i)
  return [...new Set(wanted)].filter((i) => i < count).sort((a, b) => a - b)
}
