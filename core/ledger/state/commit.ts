import { decode, encode } from '../../codec/index.ts'
import type { HashBatch, StateTrie } from '../../crypto/index.ts'
import {
  contractBooking,
  contractRecord,
  nestedKey,
  nestedRoot,
  type ReferenceRecord,
  referenceRecord,
  type StateKey,
  type StateKeyKind,
  stateKey,
  statePath,
} from '../../protocol/index.ts'
import type { Expiries } from '../expiries.ts'
import type { BlockChanges } from './block-changes.ts'
import { assertConserved } from './conservation.ts'
import type { NestedTable } from './nested-table.ts'
import { textBytes } from './state-key-text.ts'
import { codecOf, keyOfEntry, type StateStore, textOfEntry } from './state-store.ts'
import type { BlockUndo } from './undo.ts'

/** A reference that a block used up. */
export interface UsedReference {
  readonly member: Uint8Array
  readonly key: Uint8Array
  readonly businessDay: number
  readonly record: ReferenceRecord
}

export interface Commitment {
  readonly undo: BlockUndo
  readonly rows: readonly NestedRows[]
  /** Keys of new members, accounts, assets and positions. */
  readonly created: readonly StateKey[]
  readonly references: readonly UsedReference[]
}

/** Rows that a block added to a nested trie. */
export interface NestedRows {
  readonly text: string
  readonly nested: NestedTable
  readonly from: number
}

const listedKinds: readonly StateKeyKind[] = ['member', 'account', 'asset', 'position', 'contract']
const contractKind = 9
const bookingKind = 12

/**
 * Ends a block: nested tries take their new records and their roots become records, blinds are made, the state trie takes
 * all changes at once, and what the block did is summed up, for the store and for looking back.
 */
export function commit(
  state: StateStore,
  trie: StateTrie,
  expiries: Expiries,
  hashes: HashBatch,
  height: number,
): Commitment {
  const { table, changes } = state
  state.flush()
  const dropped = dropNested(state, changes)
  const added = writeNestedRoots(state, hashes)
  assertConserved(table, changes)
  changes.seal(hashes, (entry, digests, at) => {
    trie.put(table.pathsOf(entry), table.pathOffset(entry), digests, at)
  })
  const created: StateKey[] = []
  for (let change = 0; change < changes.count; change++) {
    const entry = changes.entryAt(change)
    const isNew = changes.oldCell(change) === 0
    if (table.cellOf(entry) === 0) {
      if (!isNew) {
        trie.update([{ path: table.path(entry), digest: undefined }])
        expiries.noteRemoved(keyOfEntry(table, entry))
      }
      continue
    }
    if (!isNew) {
      noteWritten(state, expiries, entry)
      continue
    }
    const key = keyOfEntry(table, entry)
    if (listedKinds.includes(key.kind)) created.push(key)
    if (key.kind !== 'position')
      expiries.noteCreated(textOfEntry(table, entry), key, decode(codecOf(key), table.encodedOf(entry)))
  }
  const nested = new Map(added.map(({ text, from }) => [text, from]))
  const references = added.flatMap((rows) => usedReferences(rows))
  return { undo: { height, replaced: changes.take(), nested, dropped }, rows: added, created, references }
}

/** Of records that were there before, what time brings may have changed of these alone. */
function noteWritten({ table }: StateStore, expiries: Expiries, entry: number): void {
  const kind = table.kindOf(entry)
  if (kind === contractKind) {
    expiries.noteContract(textOfEntry(table, entry), decode(contractRecord, table.encodedOf(entry)))
  } else if (kind === bookingKind) {
    expiries.noteBooking(textOfEntry(table, entry), decode(contractBooking, table.encodedOf(entry)))
  }
}

function dropNested(state: StateStore, changes: BlockChanges): Map<string, NestedTable> {
  const dropped = new Map<string, NestedTable>()
  for (let change = 0; change < changes.count; change++) {
    const entry = changes.entryAt(change)
    if (state.table.cellOf(entry) !== 0) continue
    const text = textOfEntry(state.table, entry)
    const nested = state.removeNested(text)
    if (nested !== undefined) dropped.set(text, nested)
  }
  return dropped
}

function writeNestedRoots(state: StateStore, hashes: HashBatch): NestedRows[] {
  const { table, changes } = state
  const added: NestedRows[] = []
  for (const text of state.nestedTexts()) {
    const nested = state.nestedAt(text)!
    const from = nested.committed
    if (nested.size === from) continue
    nested.commit(hashes)
    const key = textBytes(text)
    const found = table.find(key, 0, key.length)
    const entry = found >= 0 ? found : table.insert(key, statePath(decode(stateKey, key)))
    changes.writeRoot(entry, encode(nestedRoot, { root: nested.trie.root }))
    added.push({ text, nested, from })
  }
  return added
}

function usedReferences({ text, nested, from }: NestedRows): UsedReference[] {
  if (nested.kind !== 'reference') return []
  const day = decode(stateKey, textBytes(text))
  const used: UsedReference[] = []
  for (let row = from; row < nested.size; row++) {
    const key = decode(nestedKey, nested.keyOf(row))
    if (day.kind !== 'references' || key.kind !== 'reference') continue
    const record = decode(referenceRecord, nested.encodedOf(row))
    used.push({ member: key.member, key: key.key, businessDay: day.businessDay, record })
  }
  return used
}
