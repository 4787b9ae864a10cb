export type { HeldBatch } from './held-batches.ts'
export { Mempool } from './mempool.ts'
export type { BatchLogPort, DataNetworkPort, FinalBatchesPort, MempoolConfig, MempoolPorts } from './ports.ts'
export type { SubmissionForm, SubmissionProblem, SubmissionResult } from './submission.ts'
