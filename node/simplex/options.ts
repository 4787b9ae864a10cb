import type { ConsensusConfig } from '@tallystick/core/consensus'
import type {
  ApplicationPort,
  ClockPort,
  ConsensusNetworkPort,
  JournalPort,
  ReservationPort,
  SupervisorPort,
} from './ports.ts'

/** Everything a `SimplexDriver` is made of. */
export interface SimplexOptions {
  /** The epoch's set and rules; `sign` and `verify` are the real Ed25519 unless a test says otherwise. */
  readonly consensus: ConsensusConfig
  readonly journal: JournalPort
  readonly reservation: ReservationPort
  readonly network: ConsensusNetworkPort
  readonly application: ApplicationPort
  readonly supervisor: SupervisorPort
  /** Node's monotonic clock and timers by default. */
  readonly clock?: ClockPort
  /** Appended bytes after which the journal is compacted; 64 MiB by default. */
  readonly journalBytesMax?: number
}
