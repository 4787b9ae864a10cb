import { type Codec, decode } from '@tallystick/core/codec'
import {
  type BlockProof,
  type MemberId,
  nestedKey,
  nestedRecordCodecs,
  type ReferenceRecord,
  recentIdsRetentionMs,
  referenceRecord,
  type StateKey,
  type StateKeyKind,
  type StateRecord,
  stateKey,
  stateRecordCodecs,
  type TransactionId,
  verifyBlockProof,
} from '@tallystick/core/protocol'
import type { ReadOptions, StateLookup, Verified, VerifiedAbsence, VerifiedState } from '../client.ts'
import { ClientError } from '../errors.ts'
import { askBytes, proofAnswerBytesMax, type Session } from '../network/session.ts'
import { certifiedAt, checked, expectFresh } from './certified.ts'
import { checkState } from './check-state.ts'
import { documentOf } from './receipts.ts'

const minuteMs = 60_000

export function verifiedState(
  session: Session,
  lookups: readonly StateLookup[],
  options: ReadOptions = {},
): Promise<VerifiedState> {
  const keys = lookups.map(({ key, nested }) => ({
    key: stateKey.toJson(key),
    ...(nested === undefined ? {} : { nested: nestedKey.toJson(nested) }),
  }))
  const ask = {
    path: '/v1/state/proofs',
    post: { json: { keys } },
    answerBytesMax: proofAnswerBytesMax,
    signal: options.signal,
  }
  return askBytes(session, ask, (bytes) => checkState(session.trust, lookups, documentOf(bytes, 'state'), options))
}

/** One record under a key of one kind. */
export async function verifiedRecord<K extends StateKeyKind>(
  session: Session,
  key: Extract<StateKey, { kind: K }>,
  options: ReadOptions = {},
): Promise<Verified<StateRecord<K> | undefined>> {
  const { entries, at, proof } = await verifiedState(session, [{ key }], options)
  const encoded = entries[0]?.encoded
  const codec = stateRecordCodecs[key.kind as K] as unknown as Codec<StateRecord<K>>
  return { value: encoded === undefined ? undefined : checked(() => decode(codec, encoded)), at, proof }
}

export async function verifiedReference(
  session: Session,
  use: { readonly member: MemberId; readonly businessDay: number; readonly key: Uint8Array },
  options: ReadOptions = {},
): Promise<Verified<ReferenceRecord | undefined>> {
  const lookup: StateLookup = {
    key: { kind: 'references', businessDay: use.businessDay },
    nested: { kind: 'reference', member: use.member, key: use.key },
  }
  const { entries, at, proof } = await verifiedState(session, [lookup], options)
  const encoded = entries[0]?.encoded
  return { value: encoded === undefined ? undefined : checked(() => decode(referenceRecord, encoded)), at, proof }
}

export function verifiedBlock(
  session: Session,
  height: number,
  options: ReadOptions = {},
): Promise<Verified<BlockProof['header']> & { readonly proof: BlockProof }> {
  const ask = { path: `/v1/blocks/${height}/proof`, answerBytesMax: proofAnswerBytesMax, signal: options.signal }
  return askBytes(session, ask, (bytes) => {
    const { kind: _, ...proof } = documentOf(bytes, 'block')
    checked(() => verifyBlockProof(session.trust, proof))
    if (proof.header.height !== height) throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: 'header.height' })
    const at = certifiedAt(proof.anchor)
    expectFresh(at, options)
    return { value: proof.header, at, proof }
  })
}

/**
 * Needs two proofs: that the id is not among the recent ids after some height, and that the block of that height was
 * made when the validity had ended. The certifying header's own time does not do: blocks lie between the two.
 */
export async function verifiedAbsence(
  session: Session,
  id: TransactionId,
  validUntilMs: number,
  options: ReadOptions = {},
): Promise<VerifiedAbsence> {
  const minute = Math.floor(validUntilMs / minuteMs)
  const lookup: StateLookup = { key: { kind: 'recent-ids', minute }, nested: { kind: 'recent-id', transaction: id } }
  const { entries, at, proof } = await verifiedState(session, [lookup], options)
  const encoded = entries[0]?.encoded
  if (encoded !== undefined) {
    const { height } = checked(() => decode(nestedRecordCodecs['recent-id'], encoded))
    return { value: 'happened', height, at, proof, time: undefined }
  }
  const block = await verifiedBlock(session, at.height, { signal: options.signal })
  const { timeMs } = block.value
  if (timeMs < validUntilMs) {
    throw new ClientError('CLIENT_NOT_PROVEN_YET', { detail: 'Its validity has not ended in certified time.' })
  }
  if (timeMs >= (minute + 1) * minuteMs + recentIdsRetentionMs) {
    throw new ClientError('CLIENT_NOT_FOUND', { detail: 'The recent ids of its minute are no longer kept.' })
  }
  return { value: 'did-not-happen', height: undefined, at, proof, time: block.proof }
}
