import { type Codec, decode, encode } from '../../codec/index.ts'
import type { Hash } from '../../crypto/index.ts'
import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type AssetRecord,
  type ContractId,
  type ContractRecord,
  type HoldId,
  type HoldRecord,
  type MemberId,
  type MemberRecord,
  type NestedKey,
  type NestedRecord,
  nestedKey,
  nestedRecordCodecs,
  noBlind,
  type PositionRecord,
  type StateKey,
  type StateKeyKind,
  type StateRecord,
  stateBlind,
  stateKey,
  statePath,
  stateRecordCodecs,
} from '../../protocol/index.ts'
import { assertHolds } from '../assertion.ts'
import { BlockChanges } from './block-changes.ts'
import { NestedTable } from './nested-table.ts'
import { RecordTable } from './record-table.ts'
import { RowIndex } from './row-index.ts'
import { latin1, stateKeyText } from './state-key-text.ts'

/** A key of a nested trie's root. */
export type NestingKey = Extract<StateKey, { kind: 'recent-ids' | 'references' }>

/** A record that was written and not yet encoded into the table; `record` is undefined where it was deleted. */
interface Written {
  readonly key: StateKey
  readonly record: object | undefined
  readonly salt: Hash
  /** Of a record that is new here and was written again: the salt of its first version. */
  readonly firstSalt: Hash | undefined
}

type JournalEntry =
  | { readonly nested: false; readonly text: string; readonly before: Written | undefined }
  | { readonly nested: true; readonly text: string }

/** Decoded records that are kept at hand; positions are not among them, since transfers change their bytes. */
const decodedMax = 4_096

export function codecOf(key: StateKey): Codec<object> {
  return stateRecordCodecs[key.kind] as Codec<unknown> as Codec<object>
}

/**
 * All records: encoded in a table, and over it what rules have written since `flush` as objects, with a journal, so that
 * `rollback` undoes what a failed group wrote. Objects are never changed in place.
 */
export class StateStore {
  readonly table = new RecordTable()
  readonly changes = new BlockChanges(this.table)
  readonly rows = new RowIndex()
  readonly #written = new Map<string, Written>()
  readonly #decoded = new Map<string, object>()
  readonly #nested = new Map<string, NestedTable>()
  #nestedMade = 0
  #lastKey: StateKey | undefined
  #lastText = ''
  #journal: JournalEntry[] = []

  get<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>): StateRecord<K> | undefined {
    const text = this.#textOf(key)
    const written = this.#written.get(text)
    return (written === undefined ? this.#stored(text, key) : written.record) as StateRecord<K> | undefined
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

  contract(contract: ContractId): ContractRecord | undefined {
    return this.get<'contract'>({ kind: 'contract', contract })
  }

  /** Whether there is a record under a key's text. */
  has(text: string): boolean {
    const written = this.#written.get(text)
    return written === undefined ? this.#entryOf(text) >= 0 : written.record !== undefined
  }

  /** The blind of the version that stands now, in the middle of a block too. */
  blindOf(key: StateKey): Hash {
    const text = this.#textOf(key)
    const entry = this.#entryOf(text)
    const written = this.#written.get(text)
    if (written === undefined) return this.changes.blindNow(entry)
    if (entry >= 0) {
      return stateBlind(written.salt, this.table.path(entry), this.changes.blindBefore(entry))
    }
    const path = statePath(key)
    const { salt, firstSalt } = written
    return stateBlind(salt, path, firstSalt === undefined ? noBlind : stateBlind(firstSalt, path, noBlind))
  }

  put<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>, record: StateRecord<K>, salt: Hash): void {
    const text = this.#textOf(key)
    const before = this.#written.get(text)
    const isRewritten = before?.record !== undefined
    this.#write(text, { key, record, salt, firstSalt: isRewritten ? (before.firstSalt ?? before.salt) : undefined })
  }

  delete(key: StateKey): void {
    this.#write(this.#textOf(key), { key, record: undefined, salt: noBlind, firstSalt: undefined })
  }

  getNested<K extends NestedKey['kind']>(
    key: StateKey,
    nested: Extract<NestedKey, { kind: K }>,
  ): NestedRecord<K> | undefined {
    return this.#nested.get(this.#textOf(key))?.get(nested)
  }

  addNested<K extends NestedKey['kind']>(
    key: NestingKey,
    nested: Extract<NestedKey, { kind: K }>,
    record: NestedRecord<K>,
    salt: Hash,
  ): void {
    const text = this.#textOf(key)
    const encoded = encode(nestedRecordCodecs[nested.kind] as Codec<unknown> as Codec<object>, record)
    this.openNested(text, nested.kind).add(encode(nestedKey, nested), encoded, salt)
    this.#journal.push({ nested: true, text })
  }

  nestedAt(text: string): NestedTable | undefined {
    return this.#nested.get(text)
  }

  nestedTexts(): Iterable<string> {
    return this.#nested.keys()
  }

  /** The nested trie under a key's text, made if it is not there. */
  openNested(text: string, kind: NestedKey['kind']): NestedTable {
    let nested = this.#nested.get(text)
    if (nested === undefined) {
      nested = new NestedTable(kind, this.#nestedMade++)
      this.#nested.set(text, nested)
    }
    return nested
  }

  /** Takes a nested trie out. */
  removeNested(text: string): NestedTable | undefined {
    const nested = this.#nested.get(text)
    this.#nested.delete(text)
    return nested
  }

  /** Where the journal stands, for `rollback`. */
  mark(): number {
    return this.#journal.length
  }

  rollback(mark: number): void {
    for (let i = this.#journal.length - 1; i >= mark; i--) {
      const entry = this.#journal[i]!
      if (entry.nested) this.#removeAdded(entry.text)
      else this.#takeBack(entry.text, entry.before)
    }
    this.#journal.length = mark
  }

  /** Encodes what was written into the table; nothing of it can be rolled back then. */
  flush(): void {
    this.#journal = []
    for (const [text, { key, record, salt, firstSalt }] of this.#written) {
      const entry = this.#entryOf(text)
      if (record === undefined) {
        if (entry >= 0) this.changes.remove(entry)
        this.#decoded.delete(text)
        continue
      }
      const written = entry >= 0 ? entry : this.table.insert(encode(stateKey, key), statePath(key))
      const encoded = encode(codecOf(key), record)
      if (entry < 0 && firstSalt !== undefined) this.changes.write(written, encoded, firstSalt)
      this.changes.write(written, encoded, salt)
      this.#remember(text, key, record)
    }
    this.#written.clear()
  }

  /** The text of a key; a rule looks up a record and then writes it under the same key. */
  #textOf(key: StateKey): string {
    if (key !== this.#lastKey) {
      this.#lastText = stateKeyText(key)
      this.#lastKey = key
    }
    return this.#lastText
  }

  /** Every record in the table, decoded: for audits. */
  *records(): Generator<{ readonly key: StateKey; readonly entry: number; readonly record: object }> {
    for (let entry = 0; entry < this.table.end; entry++) {
      if (this.table.cellOf(entry) === 0) continue
      const key = keyOfEntry(this.table, entry)
      yield { key, entry, record: decode(codecOf(key), this.table.encodedOf(entry)) }
    }
  }

  #write(text: string, written: Written): void {
    if (written.key.kind === 'contract-row') this.#indexRow(written.key, written.record)
    this.#journal.push({ nested: false, text, before: this.#written.get(text) })
    this.#written.set(text, written)
  }

  #takeBack(text: string, before: Written | undefined): void {
    const { key } = this.#written.get(text)!
    if (key.kind === 'contract-row') {
      this.#indexRow(key, before === undefined ? this.#stored(text, key) : before.record)
    }
    if (before === undefined) this.#written.delete(text)
    else this.#written.set(text, before)
  }

  /** Keeps the index in step with a row that comes, goes or changes. */
  #indexRow(key: Extract<StateKey, { kind: 'contract-row' }>, after: object | undefined): void {
    const before = this.get<'contract-row'>(key)
    if ((before === undefined) === (after === undefined)) return
    const storage = latin1(key.storage)
    if (after === undefined) this.rows.remove(storage, before!.key)
    else this.rows.add(storage, (after as StateRecord<'contract-row'>).key)
  }

  #stored(text: string, key: StateKey): object | undefined {
    const known = this.#decoded.get(text)
    if (known !== undefined) return known
    const entry = this.#entryOf(text)
    if (entry < 0) return undefined
    const record = decode(codecOf(key), this.table.encodedOf(entry))
    this.#remember(text, key, record)
    return record
  }

  #remember(text: string, key: StateKey, record: object): void {
    if (key.kind === 'position') return
    if (this.#decoded.size >= decodedMax) this.#decoded.clear()
    this.#decoded.set(text, record)
  }

  #entryOf(text: string): number {
    const { length } = text
    for (let i = 0; i < length; i++) keyBytes[i] = text.charCodeAt(i)
    return this.table.find(keyBytes, 0, length)
  }

  #removeAdded(text: string): void {
    const nested = this.#nested.get(text)
    assertHolds(nested !== undefined, () => 'a nested trie is gone before what was added to it')
    nested.removeLast()
    if (nested.size === 0) this.#nested.delete(text)
  }
}

const keyBytes = new Uint8Array(128)

/** The key of an entry of the table. */
export function keyOfEntry(table: RecordTable, entry: number): StateKey {
  return decode(stateKey, table.keyOf(entry))
}

export function textOfEntry(table: RecordTable, entry: number): string {
  return latin1(table.keyOf(entry))
}
