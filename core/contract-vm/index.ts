export { ContractImage, type Host } from './contract-image.ts'
export { machineHash, openMachine } from './machine.ts'
export { type CallLimits, type CallOutcome, callLimitsDefault, type LimitName, MachineFault } from './outcome.ts'
