export type { ConsensusConfig, Restored } from './config.ts'
export { type Consensus, createConsensus } from './consensus.ts'
export type { AlarmCode, BuildRequest, Commit, Diagnosis, Effect, HaltCode, Turn } from './effect.ts'
export { type Evidence, type EvidenceVote, evidence } from './evidence.ts'
export type { Input, InputEvent, Peer, PeerId } from './input.ts'
export { decodeJournalRecord, encodeJournalRecord, type JournalRecord, journalRecord } from './journal.ts'
export {
  type ConsensusMessage,
  certificatesPerMessageMax,
  consensusMessage,
  finalizedHeadersMax,
  type MessageContent,
  requestedViewsMax,
  votesPerMessageMax,
} from './messages.ts'
export { isProven } from './misbehaviour.ts'
export { leaderSchedule } from './schedule.ts'
export type { ConsensusStatus } from './status.ts'
export { type SignedVote, signedVote, type Vote, vote } from './votes.ts'
