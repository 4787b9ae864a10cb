export { HashBatch, hashKind } from './hash-batch.ts'
