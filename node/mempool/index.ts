export type { HeldBatch } from './held-batches.ts'
export { Mempool, type Submission, type SubmissionProblem } from './mempool.ts'
export type { BatchLogPort, DataNetworkPort, FinalBatchesPort, MempoolConfig, MempoolPorts } from './ports.ts'
