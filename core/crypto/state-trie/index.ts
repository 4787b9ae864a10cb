export { type TrieEntry, type TrieProof, trieDepthMax, trieRootFromProof } from './proof.ts'
export { trieProof } from './proof-codec.ts'
export { StateTrie, type StateTrieOptions, type TrieChange } from './state-trie.ts'
