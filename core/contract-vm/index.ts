export { ContractEngine } from './contract-engine.ts'
export { type CallMeter, ContractImage, type Host, HostLimit } from './contract-image.ts'
export { openMachine } from './machine.ts'
export { type CallLimits, type CallOutcome, callLimitsDefault, type LimitName, MachineFault } from './outcome.ts'
