import { decode, encode, enumeration, type Infer, safeU64, struct, text, variant } from '../codec/index.ts'
import { block, certificate, finalizationFields, header } from '../protocol/index.ts'
import { evidence } from './evidence.ts'
import { signedVote } from './votes.ts'

/**
 * What must survive a crash, in the order in which it came about. A vote stands after the block and the certificates that
 * allow it, so a log that is cut at its end is still sound.
 */
export const journalRecord = variant({
  /** The first record: tells a journal that has nothing yet from one that was lost. */
  opened: [8, struct({ epoch: safeU64 })],
  /** Records up to this view may be lost: nothing is signed in it or below, in this life and every later one. */
  lost: [9, struct({ upToView: safeU64 })],
  /** A block that this node voted for, or that a certificate names. */
  block: [1, struct({ block })],
  certificate: [2, struct({ certificate })],
  /** A vote of this node. The leader's notarize vote is its proposal. */
  vote: [3, struct({ vote: signedVote })],
  /** A finalization whose blocks are all here; `header` is its block's. It raises the floor. */
  finalized: [4, struct({ finalization: finalizationFields, header })],
  evidence: [5, struct({ evidence })],
  /** Two certificates that contradict each other: this node halted. */
  conflict: [6, struct({ first: certificate, second: certificate })],
  /** This node's key signs elsewhere too: it never signs here again. */
  retired: [7, struct({ reason: enumeration({ 'key-used-elsewhere': 1 }), detail: text(256) })],
})
export type JournalRecord = Infer<typeof journalRecord>

export function encodeJournalRecord(value: JournalRecord): Uint8Array {
  return encode(journalRecord, value)
}

/** @throws {CodecError} if the bytes are no record of this version. */
export function decodeJournalRecord(bytes: Uint8Array): JournalRecord {
  return decode(journalRecord, bytes)
}
