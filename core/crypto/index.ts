export { ed25519PublicKey, signEd25519, verifyEd25519 } from './ed25519.ts'
export { type Hash, hashPair, taggedHash } from './hash.ts'
export { listPath, listRoot, listRootFromPath, sealRoot } from './list-tree.ts'
export {
  StateTrie,
  type StateTrieOptions,
  type TrieChange,
  type TrieEntry,
  type TrieProof,
  trieDepthMax,
  trieProof,
  trieRootFromProof,
} from './state-trie/index.ts'
