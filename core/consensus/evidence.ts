import { bytes32, enumeration, fixedBytes, type Infer, option, safeU64, struct, u16 } from '../codec/index.ts'

const evidenceVote = struct({
  kind: enumeration({ notarize: 1, nullify: 2, finalize: 3 }),
  /** The hash of the Proposal that was voted for; a nullify vote has none. */
  proposalHash: option(bytes32),
  signature: fixedBytes(64),
})
export type EvidenceVote = Infer<typeof evidenceVote>

/** Two votes of one signer in one view of which an honest signer gives at most one (spec/consensus.md §10). */
export const evidence = struct({
  epoch: safeU64,
  view: safeU64,
  signer: u16,
  first: evidenceVote,
  second: evidenceVote,
})
export type Evidence = Infer<typeof evidence>
