import { decode, equalBytes } from '../codec/index.ts'
import { type Hash, trieRootFromProof } from '../crypto/index.ts'
import { blockHashOf } from './block.ts'
import type { BlockProof, StateProof, StateProofEntry } from './proof.ts'
import { ProofError } from './proof-error.ts'
import {
  nestedPath,
  nestedRecordCodecs,
  nestedRoot,
  nestedRootBlind,
  stateDigest,
  statePath,
  stateRecordCodecs,
} from './state.ts'
import { type TrustRoot, verifyAnchor } from './verify-anchor.ts'
import { verifyHistory } from './verify-receipt.ts'

type Shown = StateProofEntry['record']

function digestOf(record: Shown): Hash | undefined {
  return record === undefined ? undefined : stateDigest(record.encoded, record.blind)
}

const nestedIn = { 'recent-id': 'recent-ids', reference: 'references' } as const

function verifyEntry(stateRoot: Hash, entry: StateProofEntry, where: string): void {
  const fail = (detail: string): ProofError => new ProofError('PROOF_STATE', where, detail)
  const root = trieRootFromProof(statePath(entry.key), digestOf(entry.record), entry.proof)
  if (root === undefined || !equalBytes(root, stateRoot)) throw fail('it does not follow from the certified state')
  if (entry.record !== undefined) decode(stateRecordCodecs[entry.key.kind] as never, entry.record.encoded)
  if (entry.nested === undefined) return

  const { key, record, proof } = entry.nested
  if (entry.key.kind !== nestedIn[key.kind]) throw fail('the nested key does not belong under the outer one')
  if (entry.record === undefined) throw fail('there is no nested trie under an absent record')
  if (!equalBytes(entry.record.blind, nestedRootBlind)) throw fail('a nested root has another blind')
  const nested = trieRootFromProof(nestedPath(key), digestOf(record), proof)
  if (nested === undefined || !equalBytes(nested, decode(nestedRoot, entry.record.encoded).root)) {
    throw fail('it does not follow from the nested trie')
  }
  if (record !== undefined) decode(nestedRecordCodecs[key.kind] as never, record.encoded)
}

/**
 * Checks records of the state, or their absence, at height `anchor.header.executed.height`.
 * @throws {ProofError} naming the first link that fails; {CodecError} if a record is malformed.
 */
export function verifyStateProof(trust: TrustRoot, proof: StateProof): void {
  verifyAnchor(trust, proof.anchor)
  for (const [i, entry] of proof.entries.entries()) {
    verifyEntry(proof.anchor.header.executed.stateRoot, entry, `entries[${i}]`)
  }
}

/** Checks a block's header under the certified history. @throws {ProofError} naming the first link that fails. */
export function verifyBlockProof(trust: TrustRoot, { anchor, history, header, hash }: BlockProof): void {
  verifyAnchor(trust, anchor)
  verifyHistory(anchor, history)
  if (!equalBytes(blockHashOf(header), hash) || !equalBytes(history.record.header, hash)) {
    throw new ProofError('PROOF_HEADER', 'header', 'it is not the header that the history names')
  }
  if (header.height !== history.record.height) throw new ProofError('PROOF_HEADER', 'header', 'its height is another')
}
