import type { Hash, StateTrie, TrieChange } from '../crypto/index.ts'
import type { NestedRecords } from './nested-records.ts'
import type { StateSlot, StateStore } from './state-store.ts'

/** Blocks whose changes are kept, so that proofs can be given at the height that a header certifies, which lags behind. */
export const undoBlocksMax = 64

/** What a block replaced. */
export interface BlockUndo {
  readonly height: number
  /** By key: the record before, `undefined` where the block made it. */
  readonly records: Map<string, StateSlot | undefined>
  /** By key of a nested trie: what the block added to it. */
  readonly nested: Map<string, readonly string[]>
  /** Nested tries that the block dropped. */
  readonly dropped: Map<string, NestedRecords>
}

/** The changes of the last blocks, and the state as it was before some of them. */
export class UndoHistory {
  #blocks: BlockUndo[] = []

  push(undo: BlockUndo): void {
    this.#blocks.push(undo)
    if (this.#blocks.length > undoBlocksMax) this.#blocks.shift()
  }

  /** How many blocks back one can look. */
  get depth(): number {
    return this.#blocks.length
  }

  /** @param height - At least the current height less `depth`. */
  before(height: number, state: StateStore): PastState {
    return new PastState(
      this.#blocks.filter((block) => block.height > height),
      state,
    )
  }
}

/** The state after an earlier block; only until the next block is applied. */
export class PastState {
  readonly #state: StateStore
  /** The blocks since, oldest first. */
  readonly #since: readonly BlockUndo[]

  constructor(since: readonly BlockUndo[], state: StateStore) {
    this.#since = since
    this.#state = state
  }

  slot(text: string): StateSlot | undefined {
    const changed = this.#since.find(({ records }) => records.has(text))
    return changed === undefined ? this.#state.slotAt(text) : changed.records.get(text)
  }

  /** The nested trie as it is now, or was when it was dropped; `withNestedTrie` takes out what came later. */
  #nested(text: string): NestedRecords | undefined {
    return this.#since.find(({ dropped }) => dropped.has(text))?.dropped.get(text) ?? this.#state.nestedAt(text)
  }

  /** Runs with the state trie rolled back, and rolls it forward again. */
  withTrie<R>(trie: StateTrie, run: (trie: StateTrie) => R): R {
    const back: TrieChange[] = []
    const forward: TrieChange[] = []
    const seen = new Set<string>()
    for (const { records } of this.#since) {
      for (const [text, before] of records) {
        if (seen.has(text)) continue
        seen.add(text)
        const now = this.#state.slotAt(text)
        const path = (before ?? now)?.slot.path
        // A record that came and went since then is in neither trie.
        if (path === undefined) continue
        back.push({ path, digest: before?.slot.digest })
        forward.push({ path, digest: now?.slot.digest })
      }
    }
    return withChanges(trie, back, forward, () => run(trie))
  }

  /** Runs with a nested trie and its records as they were; `undefined` if the trie did not exist. */
  withNestedTrie<R>(text: string, run: (nested: NestedView) => R): R | undefined {
    const nested = this.#nested(text)
    if (nested === undefined) return undefined
    const later = new Set(this.#since.flatMap(({ nested: added }) => added.get(text) ?? []))
    const paths = Array.from(later, (added) => nested.slot(added)!.slot)
    const back = paths.map(({ path }): TrieChange => ({ path, digest: undefined }))
    const forward = paths.map(({ path, digest }): TrieChange => ({ path, digest }))
    const view: NestedView = {
      trie: nested.trie,
      get: (nestedText) => (later.has(nestedText) ? undefined : nested.slot(nestedText)?.slot),
    }
    return withChanges(nested.trie, back, forward, () => run(view))
  }
}

export interface NestedView {
  readonly trie: StateTrie
  get(nestedText: string): { readonly encoded: Uint8Array; readonly blind: Hash } | undefined
}

function withChanges<R>(trie: StateTrie, back: readonly TrieChange[], forward: readonly TrieChange[], run: () => R): R {
  trie.update(back)
  try {
    return run()
  } finally {
    trie.update(forward)
  }
}
