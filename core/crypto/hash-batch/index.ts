export { HashBatch, sideBySide } from './hash-batch.ts'
export { HashPasses, messagesPerPass } from './hash-passes.ts'
export { hashKind } from './kinds.ts'
