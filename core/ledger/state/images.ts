import { Writer } from '../../codec/index.ts'
import type { NestedKey } from '../../protocol/index.ts'
import type { Commitment } from './commit.ts'
import type { NestedTable } from './nested-table.ts'
import type { RecordTable } from './record-table.ts'
import { textBytes } from './state-key-text.ts'
import type { StateStore } from './state-store.ts'

/**
 * Images of records, for a store's log: what a block changed, or what lives. Read in the order they were written, the last
 * image of a key counts. Their form is private to a node, and versioned by its store.
 */
export const imageTag = { put: 1, delete: 2, rows: 3 } as const
export const nestedTag: Readonly<Record<NestedKey['kind'], number>> = { 'recent-id': 16, reference: 17 }

/** Cursors from here on walk nested tries: by the trie's place, then the row. */
const nestedCursor = 2 ** 52
const rowsPerTrieMax = 2 ** 30
/** What the changes of a full block take. */
const writerBytesKept = 8 * 1_048_576

export class ImageWriter {
  readonly #writer = new Writer(65_536)

  /** Everything that a block changed, deletions too. Valid until the next call, as all images of a writer. */
  ofBlock({ table }: StateStore, { undo, rows }: Commitment): Uint8Array {
    this.#writer.reset(writerBytesKept)
    for (const entry of undo.replaced.entries) {
      if (table.cellOf(entry) === 0) this.#deletion(table, entry)
      else this.#put(table, entry)
    }
    for (const { text, nested, from } of rows) this.#rows(textBytes(text), nested, from, nested.size)
    return this.#writer.view()
  }

  /**
   * Some records that live, from a cursor on.
   * @param bytesTarget - About how many bytes to return.
   */
  ofLive(state: StateStore, cursor: number, bytesTarget: number): { images: Uint8Array; next: number | undefined } {
    const { table } = state
    this.#writer.reset(writerBytesKept)
    if (cursor < nestedCursor) {
      for (let entry = cursor; entry < table.end; entry++) {
        if (this.#writer.length >= bytesTarget) return { images: this.#writer.view(), next: entry }
        if (table.cellOf(entry) !== 0) this.#put(table, entry)
      }
    }
    const next = this.#liveRows(state, Math.max(cursor, nestedCursor), bytesTarget)
    return { images: this.#writer.view(), next }
  }

  #liveRows(state: StateStore, cursor: number, bytesTarget: number): number | undefined {
    const from = cursor - nestedCursor
    for (const text of state.nestedTexts()) {
      const nested = state.nestedAt(text)!
      const first = nested.place * rowsPerTrieMax
      // Tries are met in the order in which they were made.
      if (first + rowsPerTrieMax <= from) continue
      let row = Math.max(0, from - first)
      while (row < nested.committed) {
        const room = Math.ceil((bytesTarget - this.#writer.length) / nested.rowBytes)
        if (room <= 0) return nestedCursor + first + row
        const end = Math.min(row + room, nested.committed)
        this.#rows(textBytes(text), nested, row, end)
        row = end
      }
    }
    return undefined
  }

  #put(table: RecordTable, entry: number): void {
    this.#key(imageTag.put, table.keyOf(entry))
    this.#writer.f64(table.lastLine(entry))
    const length = table.cellLength(entry)
    this.#writer.u32(length)
    this.#writer.bytes(table.cellBytes(table.cellOf(entry), length))
  }

  #deletion(table: RecordTable, entry: number): void {
    this.#key(imageTag.delete, table.keyOf(entry))
  }

  #rows(key: Uint8Array, nested: NestedTable, from: number, to: number): void {
    this.#key(imageTag.rows, key)
    this.#writer.u8(nestedTag[nested.kind])
    this.#writer.u32(to - from)
    for (let row = from; row < to; row++) this.#writer.bytes(nested.rowOf(row))
  }

  #key(tag: number, key: Uint8Array): void {
    this.#writer.u8(tag)
    this.#writer.u8(key.length)
    this.#writer.bytes(key)
  }
}
