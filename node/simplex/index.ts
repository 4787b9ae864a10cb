export type { SimplexOptions } from './options.ts'
export type {
  ApplicationHandlers,
  ApplicationPort,
  ClockPort,
  ConsensusNetworkPort,
  JournalPort,
  NetworkHandlers,
  ReservationPort,
  SupervisorPort,
} from './ports.ts'
export { SimplexDriver } from './simplex-driver.ts'
