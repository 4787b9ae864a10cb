export { type Hash, hashPair, taggedHash } from './hash.ts'
export { listPath, listRoot, listRootFromPath, sealRoot } from './list-tree.ts'
