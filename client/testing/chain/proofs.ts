import { encode } from '@tallystick/core/codec'
import { listPath, listTree } from '@tallystick/core/crypto'
import {
  action,
  actionsOf,
  type BlockProof,
  blockHashOf,
  componentLeaves,
  componentPath,
  componentSalt,
  envelope,
  envelopeOf,
  type NestedKey,
  nestedPath,
  type ReceiptProof,
  receiptBlind,
  receiptLeaf,
  receiptListKind,
  type StateKey,
  type StateProof,
  statePath,
  type TransactionId,
} from '@tallystick/core/protocol'
import { anchor, headers, historyOf } from './blocks.ts'
import { receiptOf, receipts } from './receipts.ts'
import { recentIds, recentRecords, state, trie } from './state.ts'

// Proofs of all of it, as a node gives them.

type Selection = 'all' | readonly number[]
const chosen = (selection: Selection, count: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter((i) => selection === 'all' || selection.includes(i))

export function proveReceipt(
  id: TransactionId,
  parts: {
    readonly items: Selection
    readonly entries: Selection
    readonly events: Selection
    readonly components: Selection
  },
): ReceiptProof | undefined {
  const found = receiptOf(id)
  if (found === undefined) return undefined
  const { receipt, items, entries, entryBlinds, eventBlinds, transaction } = found
  const { body } = transaction
  const encodings = [encode(envelope, envelopeOf(body)), ...actionsOf(body).map((value) => encode(action, value))]
  const itemTree = listTree(receiptListKind.items, found.itemLeaves)
  const entryTree = listTree(receiptListKind.entries, found.entryLeaves)
  const eventTree = listTree(receiptListKind.events, found.eventLeaves)
  return {
    version: 1,
    anchor,
    history: historyOf(1),
    receipt,
    receiptCount: receipts.length,
    receiptPath: listPath(receipts.map(receiptLeaf), receipt.position.index),
    items: chosen(parts.items, items.length).map((i) => ({
      item: items[i]!,
      blind: receiptBlind(componentSalt(body.nonce, i + 1), 0),
      count: items.length,
      path: itemTree.path(i),
    })),
    entries: chosen(parts.entries, entries.length).map((i) => ({
      entry: entries[i]!,
      blind: entryBlinds[i]!,
      index: i,
      count: entries.length,
      path: entryTree.path(i),
    })),
    events: chosen(parts.events, found.events.length).map((i) => ({
      event: found.events[i]!,
      blind: eventBlinds[i]!,
      index: i,
      count: found.events.length,
      path: eventTree.path(i),
    })),
    components: chosen(parts.components, encodings.length).map((i) => ({
      index: i,
      count: componentLeaves(body).length,
      salt: componentSalt(body.nonce, i),
      encoded: encodings[i]!,
      path: componentPath(body, i),
    })),
    disclosures: [],
  }
}

export function proveState(lookups: readonly { key: StateKey; nested?: NestedKey | undefined }[]): StateProof {
  return {
    version: 1,
    anchor,
    entries: lookups.map(({ key, nested }) => ({
      key,
      record: state.get(statePath(key).join()),
      proof: trie.prove(statePath(key)),
      nested:
        nested === undefined || !state.has(statePath(key).join())
          ? undefined
          : {
              key: nested,
              record: recentRecords.get(nestedPath(nested).join()),
              proof: recentIds.prove(nestedPath(nested)),
            },
    })),
  }
}

export function proveBlock(height: number): BlockProof {
  const header = headers[height]!
  return { version: 1, anchor, history: historyOf(height), header, hash: blockHashOf(header) }
}
