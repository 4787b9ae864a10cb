export { ContractImage, type Host } from './contract-image.ts'
export { meterModule } from './metering/index.ts'
export { type CallLimits, type CallOutcome, callLimitsDefault, type LimitName, MachineFault } from './outcome.ts'
