import type { Codec } from '../codec/index.ts'
import { type Hash, StateTrie } from '../crypto/index.ts'
import { type NestedKey, type NestedRecord, nestedPath, nestedRecordCodecs } from '../protocol/index.ts'
import { assertHolds } from './assertion.ts'
import { RecordSlot } from './record-slot.ts'
import { nestedKeyText } from './state-key-text.ts'

export interface NestedSlot {
  readonly key: NestedKey
  readonly slot: RecordSlot
}

function codecOf(key: NestedKey): Codec<object> {
  return nestedRecordCodecs[key.kind] as Codec<unknown> as Codec<object>
}

/**
 * The records of one nested trie (a minute of ids, a day of references). They are added, never changed, and dropped all
 * together. The trie follows at the block's end, when `commit` is told what was added.
 */
export class NestedRecords {
  readonly trie = new StateTrie()
  readonly #slots = new Map<string, NestedSlot>()

  get size(): number {
    return this.#slots.size
  }

  get<K extends NestedKey['kind']>(key: Extract<NestedKey, { kind: K }>): NestedRecord<K> | undefined {
    return this.#slots.get(nestedKeyText(key))?.slot.record as NestedRecord<K> | undefined
  }

  slot(text: string): NestedSlot | undefined {
    return this.#slots.get(text)
  }

  slots(): Iterable<NestedSlot> {
    return this.#slots.values()
  }

  /** @returns the text of the key, for `remove` and `commit`. */
  add<K extends NestedKey['kind']>(
    key: Extract<NestedKey, { kind: K }>,
    record: NestedRecord<K>,
    blinding: { readonly salt: Hash } | { readonly blind: Hash },
  ): string {
    const text = nestedKeyText(key)
    assertHolds(!this.#slots.has(text), () => `a ${key.kind} is recorded twice`)
    const path = nestedPath(key)
    const slot =
      'salt' in blinding
        ? RecordSlot.written<object>(path, codecOf(key), record, blinding.salt, undefined)
        : RecordSlot.withBlind<object>(path, codecOf(key), record, blinding.blind)
    this.#slots.set(text, { key, slot })
    return text
  }

  remove(text: string): void {
    this.#slots.delete(text)
  }

  commit(added: Iterable<string>): void {
    this.trie.update(
      Array.from(added, (text) => {
        const { slot } = this.#slots.get(text)!
        return { path: slot.path, digest: slot.digest }
      }),
    )
  }
}
