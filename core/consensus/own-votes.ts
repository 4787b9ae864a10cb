import type { HashKey, ViewState } from './state.ts'
import type { SignedVote } from './votes.ts'

/** Records what this node did in a view, when it signs and again when its journal is replayed. */
export function recordOwnVote(view: ViewState, signed: SignedVote, subject: HashKey): void {
  view.own.push(signed)
  if (signed.vote.kind === 'notarize') view.notarized = subject
  if (signed.vote.kind === 'nullify') view.nullified = true
  if (signed.vote.kind === 'finalize') view.finalized = subject
}
