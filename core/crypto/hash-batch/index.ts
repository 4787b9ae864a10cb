export { HashBatch, sideBySide } from './hash-batch.ts'
export { hashKind } from './kinds.ts'
