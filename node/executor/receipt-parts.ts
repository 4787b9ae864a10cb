import { encode, toHex } from '@tallystick/core/codec'
import { type Hash, type ListTree, listTree, rangePath } from '@tallystick/core/crypto'
import {
  action,
  actionsOf,
  componentLeaf,
  componentSalt,
  entryLeaf,
  envelope,
  envelopeOf,
  type HistoryProof,
  itemLeaf,
  type ReceiptProof,
  receiptListKind,
  type StoredTransaction,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { Executor } from './executor.ts'
import { LastUsed } from './last-used.ts'
import { historyNodeKey } from './store-keys.ts'
import { readBlock, readReceipt, type StoredBlock } from './stored-blocks.ts'
import type { StoredReceipt } from './stored-receipts.ts'

/** Bounds of what is kept, in actions and in receipts: each costs some KiB as an object. */
const actionsKeptMax = 24_576
const receiptsKeptMax = 65_536

/** Which parts to show beside a receipt: all of a list, or these indexes. */
export type Selection = 'all' | readonly number[]

export interface WantedParts {
  readonly items: Selection
  readonly entries: Selection
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

interface Components {
  readonly encodings: Uint8Array[]
  readonly salts: Hash[]
  readonly tree: ListTree
}

function componentsOf(stored: StoredTransaction): Components | undefined {
  if (stored.kind !== 'whole') return undefined
  const { body } = stored.transaction
  const encodings = [encode(envelope, envelopeOf(body)), ...actionsOf(body).map((value) => encode(action, value))]
  const salts = encodings.map((_, index) => componentSalt(body.nonce, index))
  return {
    encodings,
    salts,
    tree: listTree(
      'transaction',
      encodings.map((encoded, i) => componentLeaf(i, salts[i]!, encoded)),
    ),
  }
}

interface Opened {
  readonly stored: StoredReceipt
  readonly items: ListTree
  readonly entries: ListTree
  readonly components: Components | undefined
}

/** Makes proofs of receipts, and keeps the trees of the last ones: a packed payment file asks for the same ones often. */
export class ReceiptProver {
  readonly #executor: Executor
  readonly #opened = new LastUsed<string, Opened>(actionsKeptMax, ({ stored }) => stored.items.length)
  readonly #blocks = new LastUsed<number, { stored: StoredBlock; tree: ListTree }>(
    receiptsKeptMax,
    ({ stored }) => 1 + stored.receipts.length,
  )

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** `undefined` if there is no such receipt, or it is not certified at that height. */
  prove(id: TransactionId, wanted: WantedParts, certifiedHeight: number): ReceiptParts | 'pending' | undefined {
    const opened = this.#open(id)
    if (opened === undefined) return undefined
    const { receipt, items, entries } = opened.stored
    const { height, index } = receipt.position
    const history = historyProofOf(this.#executor, height, certifiedHeight)
    if (history === undefined) return 'pending'
    const block = this.#block(height)
    return {
      history,
      receipt,
      receiptCount: block.stored.receipts.length,
      receiptPath: block.tree.path(index),
      items: select(wanted.items, items.length).map((i) => ({
        ...items[i]!,
        count: items.length,
        path: opened.items.path(i),
      })),
      entries: select(wanted.entries, entries.length).map((i) => ({
        ...entries[i]!,
        index: i,
        count: entries.length,
        path: opened.entries.path(i),
      })),
      components: showComponents(opened.components, wanted.components),
      disclosures: [],
    }
  }

  #open(id: TransactionId): Opened | undefined {
    const hex = toHex(id)
    const known = this.#opened.get(hex)
    if (known !== undefined) return known
    const stored = readReceipt(this.#executor, id)
    if (stored === undefined) return undefined
    const opened = {
      stored,
      items: listTree(
        receiptListKind.items,
        stored.items.map(({ item, blind }) => itemLeaf(item, blind)),
      ),
      entries: listTree(
        receiptListKind.entries,
        stored.entries.map(({ entry, blind }) => entryLeaf(entry, blind)),
      ),
      components: stored.transaction === undefined ? undefined : componentsOf(stored.transaction),
    }
    this.#opened.set(hex, opened)
    return opened
  }

  #block(height: number): { stored: StoredBlock; tree: ListTree } {
    return this.#blocks.getOrMake(height, () => {
      const stored = readBlock(this.#executor, height)!
      const leaves = stored.receipts.map(({ leaf }) => leaf)
      return { stored, tree: listTree(receiptListKind.receipts, leaves) }
    })
  }
}

function showComponents(components: Components | undefined, wanted: Selection): ReceiptProof['components'] {
  if (components === undefined) return []
  const { encodings, salts, tree } = components
  return select(wanted, encodings.length).map((index) => ({
    index,
    count: encodings.length,
    salt: salts[index]!,
    encoded: encodings[index]!,
    path: tree.path(index),
  }))
}

function select(wanted: Selection, count: number): number[] {
  if (wanted === 'all') return Array.from({ length: count }, (_, i) => i)
  return [...new Set(wanted)].filter((i) => i < count).sort((a, b) => a - b)
}
