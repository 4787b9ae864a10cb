import { encode, equalBytes } from '@tallystick/core/codec'
import {
  type NestedKey,
  nestedKey,
  type StateProof,
  type StateProofEntry,
  stateKey,
  type TrustRoot,
  verifyStateProof,
} from '@tallystick/core/protocol'
import type { ReadOptions, StateLookup, VerifiedState, VerifiedStateEntry } from '../client.ts'
import { ClientError } from '../errors.ts'
import { certifiedAt, checked, expectFresh } from './certified.ts'

/** Checks records of the state down from the trusted validators, and that they are those that were asked for. */
export function checkState(
  trust: TrustRoot,
  lookups: readonly StateLookup[],
  proof: StateProof,
  options: ReadOptions,
): VerifiedState {
  checked(() => verifyStateProof(trust, proof))
  const at = certifiedAt(proof.anchor)
  expectFresh(at, options)
  if (proof.entries.length !== lookups.length) {
    throw new ClientError('CLIENT_PROOF_INCOMPLETE', {
      link: 'entries',
      detail: `${lookups.length} records were asked for, ${proof.entries.length} are shown.`,
    })
  }
  return { entries: lookups.map((lookup, i) => shownEntry(lookup, proof.entries[i]!, `entries[${i}]`)), at, proof }
}

function shownEntry(lookup: StateLookup, entry: StateProofEntry, link: string): VerifiedStateEntry {
  if (!equalBytes(encode(stateKey, entry.key), encode(stateKey, lookup.key))) {
    throw new ClientError('CLIENT_PROOF_OF_OTHER', { link })
  }
  if (lookup.nested === undefined) return { lookup, encoded: entry.record?.encoded }
  // Where there is no nested trie, there is nothing in it.
  if (entry.record === undefined) return { lookup, encoded: undefined }
  if (entry.nested === undefined) throw new ClientError('CLIENT_PROOF_INCOMPLETE', { link: `${link}.nested` })
  if (!isSameNested(entry.nested.key, lookup.nested)) {
    throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: `${link}.nested` })
  }
  return { lookup, encoded: entry.nested.record?.encoded }
}

function isSameNested(a: NestedKey, b: NestedKey): boolean {
  return equalBytes(encode(nestedKey, a), encode(nestedKey, b))
}
