import { decode, equalBytes } from '../codec/index.ts'
import type { StateTrie } from '../crypto/index.ts'
import { nestedRecordCodecs, nestedRootBlind, statePath } from '../protocol/index.ts'
import { assertHolds } from './assertion.ts'
import type { StoredNested, StoredRecord } from './block-result.ts'
import type { Expiries } from './expiries.ts'
import { RecordSlot } from './record-slot.ts'
import { stateKeyText } from './state-key-text.ts'
import { codecOf, type StateStore } from './state-store.ts'

/**
 * Fills an empty state from a store's records; the root then tells whether they are the right ones.
 * @throws {LedgerFault} if nested records don't lead to the stored root above them; {CodecError} if a record is malformed.
 */
export function restoreState(
  state: StateStore,
  trie: StateTrie,
  expiries: Expiries,
  stored: { readonly records: Iterable<StoredRecord>; readonly nested: Iterable<StoredNested> },
): void {
  restoreNested(state, stored.nested)
  for (const { key, encoded, blind } of stored.records) {
    const text = stateKeyText(key)
    const codec = codecOf(key)
    const slot = RecordSlot.withBlind<object>(statePath(key), codec, decode(codec, encoded), blind)
    state.setSlot(text, { key, slot })
    expiries.noteCreated(text, key, slot.record)
    if (key.kind === 'recent-ids' || key.kind === 'references') checkNestedRoot(state, text, slot)
  }
  for (const text of state.nestedTexts()) {
    assertHolds(state.slotAt(text) !== undefined, () => 'the store has nested records without a root')
  }
  trie.update(Array.from(state.slots(), ({ slot: { path, digest } }) => ({ path, digest })))
}

function restoreNested(state: StateStore, records: Iterable<StoredNested>): void {
  const added = new Map<string, string[]>()
  for (const { key, nested, encoded, blind } of records) {
    const text = stateKeyText(key)
    const record = decode<object>(nestedRecordCodecs[nested.kind] as never, encoded)
    const nestedText = state.restoreNested(text, nested, record, blind)
    const texts = added.get(text)
    if (texts === undefined) added.set(text, [nestedText])
    else texts.push(nestedText)
  }
  for (const [text, texts] of added) state.nestedAt(text)!.commit(texts)
}

function checkNestedRoot(state: StateStore, text: string, slot: RecordSlot): void {
  const root = state.nestedAt(text)?.trie.root
  const isRight = root !== undefined && equalBytes(root, (slot.record as { root: Uint8Array }).root)
  assertHolds(
    isRight && equalBytes(slot.blind, nestedRootBlind),
    () => 'the store has other nested records than its root',
  )
}
