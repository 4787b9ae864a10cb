export { type Admission, type AdmissionProblem, type AdmittedTransaction, admitTransaction } from './admission.ts'
export { type BatchCheck, type BatchProblem, checkBatch } from './batch-check.ts'
export { startVerifierPool, type VerifierPool } from './pool.ts'
