export { ed25519PublicKey, signEd25519, verifyEd25519 } from './ed25519.ts'
export { type Hash, hashPair, taggedHash } from './hash.ts'
export { hkdfSha256, hmacSha256 } from './hmac.ts'
export { type ListTree, listPath, listRoot, listRootFromPath, listTree, sealRoot } from './list-tree.ts'
export { MountainRange, type RangeNode, rangePath } from './mountain-range.ts'
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
