export type { StoredNote } from './contract-notes.ts'
export { ExecutorError, type ExecutorErrorCode, executorErrors } from './errors.ts'
export { type ExecutionReport, Executor, type ExecutorPlace, type FinalBlock } from './executor.ts'
export { ExecutorFailure, type ExecutorHandle, startExecutor } from './handle.ts'
