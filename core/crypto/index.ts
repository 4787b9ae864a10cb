export { ed25519PublicKey, signEd25519, verifyEd25519 } from './ed25519.ts'
export { type Hash, hashPair, taggedHash } from './hash.ts'
export { HashBatch, HashPasses, hashKind, messagesPerPass, sideBySide } from './hash-batch/index.ts'
export { hkdfSha256, hmacSha256 } from './hmac.ts'
export {
  type ListTree,
  listPath,
  listRoot,
  listRootFromPath,
  listRootOfPacked,
  listTops,
  listTree,
  listTreeOfPacked,
  sealRoot,
  type TreeList,
  valuesOf,
} from './list-tree.ts'
export { MountainRange, type RangeNode, rangePath } from './mountain-range.ts'
export { p256PublicKey, signP256 } from './p256.ts'
export { isAcceptablePublicKey, type SignatureSchemeName, verifySignature } from './signature.ts'
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
export { type WebauthnAssertion, webauthnAssertion, webauthnKeyBytes } from './webauthn/assertion.ts'
export { base64Url } from './webauthn/client-data.ts'
export { type AuthenticatorResponse, webauthnSignatureOf } from './webauthn/from-authenticator.ts'
