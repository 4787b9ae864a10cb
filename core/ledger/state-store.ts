import type { Codec } from '../codec/index.ts'
import type { Hash } from '../crypto/index.ts'
import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type AssetRecord,
  type HoldId,
  type HoldRecord,
  type MemberId,
  type MemberRecord,
  type NestedKey,
  type NestedRecord,
  type PositionRecord,
  type StateKey,
  type StateKeyKind,
  type StateRecord,
  statePath,
  stateRecordCodecs,
} from '../protocol/index.ts'
import { NestedRecords } from './nested-records.ts'
import { RecordSlot } from './record-slot.ts'
import { stateKeyText } from './state-key-text.ts'

export interface StateSlot {
  readonly key: StateKey
  readonly slot: RecordSlot
}

/** A key of a nested trie's root. */
export type NestingKey = Extract<StateKey, { kind: 'recent-ids' | 'references' }>

export type JournalEntry =
  | { readonly nested: false; readonly text: string; readonly before: StateSlot | undefined; readonly key: StateKey }
  | { readonly nested: true; readonly text: string; readonly key: NestingKey; readonly nestedText: string }

export function codecOf(key: StateKey): Codec<object> {
  return stateRecordCodecs[key.kind] as Codec<unknown> as Codec<object>
}

/**
 * All records in memory, with a journal since the last commit: `rollback` undoes what a failed group wrote, and the
 * commit at a block's end reads from it what changed. Records are never changed in place.
 */
export class StateStore {
  readonly #records = new Map<string, StateSlot>()
  readonly #nested = new Map<string, NestedRecords>()
  #journal: JournalEntry[] = []

  get<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>): StateRecord<K> | undefined {
    return this.#records.get(stateKeyText(key))?.slot.record as StateRecord<K> | undefined
  }

  member(member: MemberId): MemberRecord | undefined {
    return this.get<'member'>({ kind: 'member', member })
  }

  account(account: AccountId): AccountRecord | undefined {
    return this.get<'account'>({ kind: 'account', account })
  }

  asset(asset: AssetId): AssetRecord | undefined {
    return this.get<'asset'>({ kind: 'asset', asset })
  }

  position(account: AccountId, asset: AssetId): PositionRecord | undefined {
    return this.get<'position'>({ kind: 'position', account, asset })
  }

  hold(hold: HoldId): HoldRecord | undefined {
    return this.get<'hold'>({ kind: 'hold', hold })
  }

  slotOf(key: StateKey): StateSlot | undefined {
    return this.#records.get(stateKeyText(key))
  }

  slotAt(text: string): StateSlot | undefined {
    return this.#records.get(text)
  }

  slots(): Iterable<StateSlot> {
    return this.#records.values()
  }

  put<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>, record: StateRecord<K>, salt: Hash): void {
    const text = stateKeyText(key)
    const before = this.#records.get(text)
    const path = before?.slot.path ?? statePath(key)
    this.#journal.push({ nested: false, text, before, key })
    this.#records.set(text, { key, slot: RecordSlot.written<object>(path, codecOf(key), record, salt, before?.slot) })
  }

  delete(key: StateKey): void {
    const text = stateKeyText(key)
    this.#journal.push({ nested: false, text, before: this.#records.get(text), key })
    this.#records.delete(text)
  }

  getNested<K extends NestedKey['kind']>(
    key: StateKey,
    nested: Extract<NestedKey, { kind: K }>,
  ): NestedRecord<K> | undefined {
    return this.#nested.get(stateKeyText(key))?.get(nested)
  }

  addNested<K extends NestedKey['kind']>(
    key: NestingKey,
    nested: Extract<NestedKey, { kind: K }>,
    record: NestedRecord<K>,
    salt: Hash,
  ): void {
    const text = stateKeyText(key)
    const nestedText = this.#nestedAt(text).add(nested, record, { salt })
    this.#journal.push({ nested: true, text, key, nestedText })
  }

  nestedAt(text: string): NestedRecords | undefined {
    return this.#nested.get(text)
  }

  nestedTexts(): Iterable<string> {
    return this.#nested.keys()
  }

  /** Where the journal stands, for `rollback`. */
  mark(): number {
    return this.#journal.length
  }

  rollback(mark: number): void {
    for (let i = this.#journal.length - 1; i >= mark; i--) {
      const entry = this.#journal[i]!
      if (entry.nested) this.#removeAdded(entry.text, entry.nestedText)
      else this.setSlot(entry.text, entry.before)
    }
    this.#journal.length = mark
  }

  /** What was written since the last time, in order; the journal starts anew. */
  takeJournal(): readonly JournalEntry[] {
    const journal = this.#journal
    this.#journal = []
    return journal
  }

  /** Sets a record without the journal: for commits and restoring. */
  setSlot(text: string, slot: StateSlot | undefined): void {
    if (slot === undefined) this.#records.delete(text)
    else this.#records.set(text, slot)
  }

  /** Takes a nested trie out, without the journal. */
  removeNested(text: string): NestedRecords | undefined {
    const nested = this.#nested.get(text)
    this.#nested.delete(text)
    return nested
  }

  /** Adds a stored nested record, without the journal; the trie follows by `commit`. */
  restoreNested(text: string, key: NestedKey, record: object, blind: Hash): string {
    return this.#nestedAt(text).add(key as never, record as never, { blind })
  }

  #removeAdded(text: string, nestedText: string): void {
    const nested = this.#nested.get(text)!
    nested.remove(nestedText)
    if (nested.size === 0) this.#nested.delete(text)
  }

  #nestedAt(text: string): NestedRecords {
    let nested = this.#nested.get(text)
    if (nested === undefined) {
      nested = new NestedRecords()
      this.#nested.set(text, nested)
    }
    return nested
  }
}
