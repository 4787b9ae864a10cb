import { encode } from '../../codec/index.ts'
import type { StateTrie } from '../../crypto/index.ts'
import {
  type NestedKey,
  nestedKey,
  nestedPath,
  type StateKey,
  type StateProofEntry,
  statePath,
} from '../../protocol/index.ts'
import { stateKeyText } from './state-key-text.ts'
import type { PastState } from './undo.ts'

/** A key of the state, or one of the nested trie under it. */
export interface ProvenKey {
  readonly key: StateKey
  readonly nested?: NestedKey | undefined
}

/**
 * Proves records, or their absence, of a state now or before. Where a nested trie does not exist, the proof of that is the
 * answer for all keys in it, so the entry has no nested part.
 */
export function proveKeys(past: PastState, trie: StateTrie, keys: readonly ProvenKey[]): StateProofEntry[] {
  return past.withTrie(trie, () =>
    keys.map(({ key, nested }) => {
      const record = past.record(key)
      return {
        key,
        record,
        proof: trie.prove(statePath(key)),
        nested: nested === undefined || record === undefined ? undefined : proveNested(past, stateKeyText(key), nested),
      }
    }),
  )
}

function proveNested(past: PastState, text: string, key: NestedKey): StateProofEntry['nested'] {
  return past.withNestedTrie(text, ({ trie, get }) => ({
    key,
    record: get(encode(nestedKey, key)),
    proof: trie.prove(nestedPath(key)),
  }))
}
