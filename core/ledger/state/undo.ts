import { equalBytes } from '../../codec/index.ts'
import type { HashBatch, StateTrie, TrieChange } from '../../crypto/index.ts'
import { type StateKey, stateDigest } from '../../protocol/index.ts'
import type { ReplacedCells } from './block-changes.ts'
import type { NestedTable } from './nested-table.ts'
import { blindBytes, type RecordTable } from './record-table.ts'
import { stateKeyText, textBytes } from './state-key-text.ts'
import type { StateStore } from './state-store.ts'

/** Blocks whose changes are kept, so that proofs can be given at the height that a header certifies, which lags behind. */
export const undoBlocksMax = 64
/** More than `undoBlocksMin` blocks are kept only while the cells that they replaced take less than this. */
const undoBytesMax = 32 * 1_048_576
const undoBlocksMin = 8

/** What a block replaced. */
export interface BlockUndo {
  readonly height: number
  readonly replaced: ReplacedCells
  /** By key of a nested trie: how many rows it had before. */
  readonly nested: ReadonlyMap<string, number>
  /** Nested tries that the block dropped. */
  readonly dropped: ReadonlyMap<string, NestedTable>
}

/** An encoded record with its blind, as proofs show it. */
export interface ShownRecord {
  readonly encoded: Uint8Array
  readonly blind: Uint8Array
}

/** The changes of the last blocks, and the state as it was before some of them. */
export class UndoHistory {
  readonly #table: RecordTable
  readonly #blocks: BlockUndo[] = []
  #bytes = 0

  constructor(table: RecordTable) {
    this.#table = table
  }

  push(undo: BlockUndo): void {
    this.#blocks.push(undo)
    this.#bytes += bytesOf(undo)
    while (this.#blocks.length > undoBlocksMin) {
      if (this.#blocks.length <= undoBlocksMax && this.#bytes <= undoBytesMax) break
      this.#forget(this.#blocks.shift()!)
    }
  }

  /** How many blocks back one can look. */
  get depth(): number {
    return this.#blocks.length
  }

  /** @param height - At least the current height less `depth`. */
  before(height: number, state: StateStore, hashes: HashBatch): PastState {
    return new PastState(
      this.#blocks.filter((block) => block.height > height),
      state,
      hashes,
    )
  }

  #forget(undo: BlockUndo): void {
    this.#bytes -= bytesOf(undo)
    const { cells, lengths, removed } = undo.replaced
    for (let i = 0; i < cells.length; i++) if (cells[i] !== 0) this.#table.cells.release(cells[i]!, lengths[i]!)
    for (const entry of removed) this.#table.release(entry)
  }
}

function bytesOf({ replaced }: BlockUndo): number {
  let bytes = 0
  for (let i = 0; i < replaced.cells.length; i++) if (replaced.cells[i] !== 0) bytes += replaced.lengths[i]!
  return bytes
}

/** The state after an earlier block; only until the next block is applied. */
export class PastState {
  readonly #state: StateStore
  /** The blocks since, oldest first. */
  readonly #since: readonly BlockUndo[]
  readonly #hashes: HashBatch

  constructor(since: readonly BlockUndo[], state: StateStore, hashes: HashBatch) {
    this.#since = since
    this.#state = state
    this.#hashes = hashes
  }

  record(key: StateKey): ShownRecord | undefined {
    const text = stateKeyText(key)
    const entry = this.#entryOf(text)
    if (entry < 0) return undefined
    for (const { replaced } of this.#since) {
      const change = replaced.entries.indexOf(entry)
      if (change >= 0) return this.#cell(replaced.cells[change]!, replaced.lengths[change]!)
    }
    return this.#cell(this.#state.table.cellOf(entry), this.#state.table.cellLength(entry))
  }

  /** Runs with the state trie rolled back, and rolls it forward again. */
  withTrie<R>(trie: StateTrie, run: (trie: StateTrie) => R): R {
    const { table } = this.#state
    const back: TrieChange[] = []
    const forward: TrieChange[] = []
    const seen = new Set<number>()
    for (const { replaced } of this.#since) {
      for (let i = 0; i < replaced.entries.length; i++) {
        const entry = replaced.entries[i]!
        if (seen.has(entry)) continue
        seen.add(entry)
        const before = this.#cell(replaced.cells[i]!, replaced.lengths[i]!)
        const now = this.#cell(table.cellOf(entry), table.cellLength(entry))
        // A record that came and went since then is in neither trie.
        if (before === undefined && now === undefined) continue
        const path = table.path(entry)
        back.push({ path, digest: before && stateDigest(before.encoded, before.blind) })
        forward.push({ path, digest: now && stateDigest(now.encoded, now.blind) })
      }
    }
    return withChanges(trie, back, forward, () => run(trie))
  }

  /** Runs with a nested trie and its records as they were; `undefined` if the trie did not exist. */
  withNestedTrie<R>(text: string, run: (nested: NestedView) => R): R | undefined {
    // As it is now, or was when it was dropped; what came later is taken out below.
    const dropped = this.#since.find((block) => block.dropped.has(text))?.dropped.get(text)
    const nested = dropped ?? this.#state.nestedAt(text)
    if (nested === undefined) return undefined
    const size = this.#since.find((block) => block.nested.has(text))?.nested.get(text) ?? nested.committed
    const later = nested.trieEntries(this.#hashes, size, nested.committed)
    const back = later.map(({ path }): TrieChange => ({ path, digest: undefined }))
    const view: NestedView = {
      trie: nested.trie,
      get: (key) => {
        const row = nested.find(key)
        return row < 0 || row >= size
          ? undefined
          : { encoded: nested.encodedOf(row).slice(), blind: nested.blindOf(row) }
      },
    }
    return withChanges(nested.trie, back, later, () => run(view))
  }

  /** The entry of a key, also of a record that a block since then took out. */
  #entryOf(text: string): number {
    const { table } = this.#state
    const key = textBytes(text)
    const entry = table.find(key, 0, key.length)
    if (entry >= 0) return entry
    for (const { replaced } of this.#since) {
      const removed = replaced.removed.find((candidate) => equalBytes(table.keyOf(candidate), key))
      if (removed !== undefined) return removed
    }
    return entry
  }

  #cell(cell: number, length: number): ShownRecord | undefined {
    if (cell === 0) return undefined
    const bytes = this.#state.table.cellBytes(cell, length)
    return { blind: bytes.slice(0, blindBytes), encoded: bytes.slice(blindBytes) }
  }
}

export interface NestedView {
  readonly trie: StateTrie
  /** @param key - Encoded. */
  get(key: Uint8Array): ShownRecord | undefined
}

function withChanges<R>(trie: StateTrie, back: readonly TrieChange[], forward: readonly TrieChange[], run: () => R): R {
  trie.update(back)
  try {
    return run()
  } finally {
    trie.update(forward)
  }
}
