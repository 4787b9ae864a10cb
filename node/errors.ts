// The tables of every code that a node can show, for the page of errors and for the command line.
export { apiErrors } from './api/index.ts'
export { configProblems } from './config/index.ts'
export { executorErrors } from './executor/index.ts'
export { keyProblems } from './keys/index.ts'
export { networkProblems } from './network/index.ts'
export { nodeAlarms } from './process/alarms.ts'
export { storageProblems } from './storage/index.ts'
