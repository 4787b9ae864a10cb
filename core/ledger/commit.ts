import type { StateTrie, TrieChange } from '../crypto/index.ts'
import { nestedRootBlind, stateDigest, statePath } from '../protocol/index.ts'
import type { StateChange } from './block-result.ts'
import { assertConserved } from './conservation.ts'
import type { Expiries } from './expiries.ts'
import type { NestedRecords } from './nested-records.ts'
import { RecordSlot } from './record-slot.ts'
import { compareText } from './state-key-text.ts'
import { codecOf, type JournalEntry, type NestingKey, type StateSlot, type StateStore } from './state-store.ts'
import type { BlockUndo } from './undo.ts'

interface NestedAdditions {
  readonly key: NestingKey
  readonly texts: string[]
}

/** What a block wrote, by key: the journal without the steps between. */
interface NetChanges {
  readonly records: Map<string, StateSlot | undefined>
  readonly nested: Map<string, NestedAdditions>
}

export interface Commitment {
  readonly changes: StateChange[]
  readonly undo: BlockUndo
}

/**
 * Ends a block: nested tries take their new records and their roots become records, the state trie takes all changes at
 * once, and what the block did is summed up, for the store and for looking back.
 */
export function commit(state: StateStore, trie: StateTrie, expiries: Expiries, height: number): Commitment {
  const net = netChanges(state.takeJournal())
  for (const [text, additions] of net.nested) writeNestedRoot(state, net, text, additions)

  const texts = [...net.records.keys()].filter((text) => net.records.get(text) !== state.slotAt(text)).sort(compareText)
  assertConserved(texts.map((text) => ({ before: net.records.get(text), after: state.slotAt(text) })))
  const undo: BlockUndo = { height, records: new Map(), nested: new Map(), dropped: new Map() }
  const changes: StateChange[] = []
  const trieChanges: TrieChange[] = []
  for (const text of texts) {
    const before = net.records.get(text)
    const after = state.slotAt(text)
    undo.records.set(text, before)
    if (after === undefined) {
      const dropped = state.removeNested(text)
      if (dropped !== undefined) undo.dropped.set(text, dropped)
      changes.push({ kind: dropped === undefined ? 'delete' : 'drop', key: before!.key })
      trieChanges.push({ path: before!.slot.path, digest: undefined })
      continue
    }
    const { path, encoded, blind, record } = after.slot
    after.slot.committed()
    changes.push({ kind: 'put', key: after.key, encoded, blind })
    trieChanges.push({ path, digest: stateDigest(encoded, blind) })
    if (before === undefined) expiries.noteCreated(text, after.key, record)
    const added = net.nested.get(text)?.texts
    if (added === undefined) continue
    undo.nested.set(text, added)
    for (const change of nestedChanges(after, state.nestedAt(text)!, added)) changes.push(change)
  }
  trie.update(trieChanges)
  return { changes, undo }
}

function netChanges(journal: readonly JournalEntry[]): NetChanges {
  const records = new Map<string, StateSlot | undefined>()
  const nested = new Map<string, NestedAdditions>()
  for (const entry of journal) {
    if (!entry.nested) {
      if (!records.has(entry.text)) records.set(entry.text, entry.before)
      continue
    }
    const additions = nested.get(entry.text)
    if (additions === undefined) nested.set(entry.text, { key: entry.key, texts: [entry.nestedText] })
    else additions.texts.push(entry.nestedText)
  }
  return { records, nested }
}

function writeNestedRoot(state: StateStore, net: NetChanges, text: string, { key, texts }: NestedAdditions): void {
  const nested = state.nestedAt(text)!
  nested.commit(texts)
  const before = state.slotAt(text)
  net.records.set(text, before)
  state.setSlot(text, nestedRootSlot(key, before?.slot.path ?? statePath(key), nested))
}

function nestedRootSlot(key: NestingKey, path: Uint8Array, nested: NestedRecords): StateSlot {
  const record = { root: nested.trie.root }
  return { key, slot: RecordSlot.withBlind<object>(path, codecOf(key), record, nestedRootBlind) }
}

function nestedChanges({ key }: StateSlot, nested: NestedRecords, texts: readonly string[]): StateChange[] {
  return [...texts].sort(compareText).map((text) => {
    const added = nested.slot(text)!
    return { kind: 'put-nested', key, nested: added.key, encoded: added.slot.encoded, blind: added.slot.blind }
  })
}
