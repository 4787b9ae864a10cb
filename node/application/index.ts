export { FinalChain, type FinalChainOptions } from './final-chain.ts'
export { createNodePort } from './node-port.ts'
export type { BlockFilesPort, FinalRecord } from './ports.ts'
export { Ticker } from './ticker.ts'
