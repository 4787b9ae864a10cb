import type { StateTrie } from '../crypto/index.ts'
import { type NestedKey, nestedPath, type StateKey, type StateProofEntry, statePath } from '../protocol/index.ts'
import { nestedKeyText, stateKeyText } from './state-key-text.ts'
import type { PastState } from './undo.ts'

/** A key of the state, or one of the nested trie under it. */
export interface ProvenKey {
  readonly key: StateKey
  readonly nested?: NestedKey | undefined
}

type Shown = StateProofEntry['record']

function shown(slot: { readonly encoded: Uint8Array; readonly blind: Uint8Array } | undefined): Shown {
  return slot && { encoded: slot.encoded, blind: slot.blind }
}

/**
 * Proves records, or their absence, of a state now or before. Where a nested trie does not exist, the proof of that is the
 * answer for all keys in it, so the entry has no nested part.
 */
export function proveKeys(past: PastState, trie: StateTrie, keys: readonly ProvenKey[]): StateProofEntry[] {
  return past.withTrie(trie, () =>
    keys.map(({ key, nested }) => {
      const text = stateKeyText(key)
      const slot = past.slot(text)?.slot
      return {
        key,
        record: shown(slot),
        proof: trie.prove(statePath(key)),
        nested: nested === undefined || slot === undefined ? undefined : proveNested(past, text, nested),
      }
    }),
  )
}

function proveNested(past: PastState, text: string, key: NestedKey): StateProofEntry['nested'] {
  return past.withNestedTrie(text, ({ trie, get }) => ({
    key,
    record: shown(get(nestedKeyText(key))),
    proof: trie.prove(nestedPath(key)),
  }))
}
