export { HashBatch } from './hash-batch.ts'
export { hashKind } from './kinds.ts'
