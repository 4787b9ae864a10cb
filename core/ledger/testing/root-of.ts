import { decode, equalBytes } from '../../codec/index.ts'
import { type Hash, trieRootFromProof } from '../../crypto/index.ts'
import { nestedPath, nestedRoot, type StateProofEntry, stateDigest, statePath } from '../../protocol/index.ts'

function digestOf(record: StateProofEntry['record']): Hash | undefined {
  return record && stateDigest(record.encoded, record.blind)
}

/** The state root that an entry leads to; `undefined` where its nested part does not lead to the outer record. */
export function rootOf(entry: StateProofEntry): Hash | undefined {
  if (entry.nested !== undefined) {
    const { key, record, proof } = entry.nested
    const root = trieRootFromProof(nestedPath(key), digestOf(record), proof)
    if (root === undefined || !equalBytes(root, decode(nestedRoot, entry.record!.encoded).root)) return undefined
  }
  return trieRootFromProof(statePath(entry.key), digestOf(entry.record), entry.proof)
}
