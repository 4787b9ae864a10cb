import { type Codec, decode, toHex } from '@tallystick/core/codec'
import {
  type ProofDocument,
  type ProofOutcome,
  proofDocument,
  proofOutcomes,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { ManyReceiptsOptions, ReceiptOptions, ReceiptParts, ReceiptRequest, VerifiedReceipt } from '../client.ts'
import { ClientError } from '../errors.ts'
import { eachOf } from '../network/each-of.ts'
import { octets, parseJson } from '../network/request.ts'
import { askBytes, proofAnswerBytesMax, type Session } from '../network/session.ts'
import { exactly, whole } from '../wire/fields.ts'
import { checkReceipt, type WantedParts } from './check-receipt.ts'
import { VerifiedAnchors } from './verified-anchors.ts'

/** Proofs that are asked for at once, and requests that are under way together. */
const requestProofsMax = 32
const requestsMax = 3

export async function verifiedReceipt(
  session: Session,
  id: TransactionId,
  options: ReceiptOptions = {},
): Promise<VerifiedReceipt> {
  const [outcome] = await verifiedChunk(session, [{ ...options, id }], options.signal)
  if (outcome instanceof ClientError || outcome === undefined) throw outcome ?? new ClientError('CLIENT_NOT_FOUND')
  return outcome
}

/** Asks in chunks; what fails in a chunk is asked for once more by itself, of every node. */
export async function verifiedReceipts(
  session: Session,
  requests: readonly ReceiptRequest[],
  { signal, onReceipt }: ManyReceiptsOptions = {},
): Promise<(VerifiedReceipt | ClientError)[]> {
  const outcomes: (VerifiedReceipt | ClientError)[] = new Array(requests.length)
  const chunks: number[][] = []
  for (let at = 0; at < requests.length; at += requestProofsMax) {
    const count = Math.min(requestProofsMax, requests.length - at)
    chunks.push(Array.from({ length: count }, (_, i) => at + i))
  }
  await eachOf(chunks, requestsMax, async (indexes) => {
    const asked = indexes.map((index) => requests[index]!)
    const together = await verifiedChunk(session, asked, signal).catch((error: ClientError) => asked.map(() => error))
    for (const [i, index] of indexes.entries()) {
      const first = together[i]!
      const outcome = first instanceof ClientError && asked.length > 1 ? await alone(session, asked[i]!, signal) : first
      outcomes[index] = outcome
      onReceipt?.(index, outcome)
    }
  })
  return outcomes
}

async function alone(
  session: Session,
  request: ReceiptRequest,
  signal: AbortSignal | undefined,
): Promise<VerifiedReceipt | ClientError> {
  return verifiedReceipt(session, request.id, { ...request, signal }).catch((error: ClientError) => error)
}

/** One question for some receipts. A single one is asked of the next node where it fails; of many each fails alone. */
function verifiedChunk(
  session: Session,
  requests: readonly ReceiptRequest[],
  signal: AbortSignal | undefined,
): Promise<(VerifiedReceipt | ClientError)[]> {
  const json = { requests: requests.map((request) => ({ id: toHex(request.id), ...wantedOf(request) })) }
  const ask = {
    path: '/v1/receipts/proofs',
    post: { json },
    accept: octets,
    answerBytesMax: proofAnswerBytesMax,
    signal,
  }
  return askBytes(session, ask, (bytes) => {
    const outcomes = exactly(
      whole(() => decode(proofOutcomes, bytes)),
      requests.length,
      'outcomes',
    )
    const anchors = new VerifiedAnchors(session.trust)
    if (requests.length === 1) return [verifiedOutcome(session, requests[0]!, outcomes[0]!, anchors)]
    return outcomes.map((outcome, i) => {
      try {
        return verifiedOutcome(session, requests[i]!, outcome, anchors)
      } catch (error) {
        if (error instanceof ClientError) return error
        throw error
      }
    })
  })
}

function verifiedOutcome(
  session: Session,
  request: ReceiptRequest,
  outcome: ProofOutcome,
  anchors: VerifiedAnchors,
): VerifiedReceipt {
  if (outcome.kind === 'unknown') throw new ClientError('CLIENT_NOT_FOUND', { detail: `Receipt ${toHex(request.id)}.` })
  if (outcome.kind !== 'proven')
    throw new ClientError('CLIENT_NOT_PROVEN_YET', { detail: `Receipt ${toHex(request.id)}.` })
  return checkReceipt(session.trust, request.id, wantedOf(request), outcome.proof, anchors)
}

function wantedOf({ items = 'all', entries = 'all', events = 'all', components = [] }: ReceiptParts): WantedParts {
  return { items, entries, events, components }
}

/** The proof document of an answer that is the text of a proof file. */
export function documentOf<K extends ProofDocument['kind']>(
  bytes: Uint8Array,
  kind: K,
): Extract<ProofDocument, { kind: K }> {
  const document = whole(() => (proofDocument as Codec<ProofDocument>).fromJson(parseJson(bytes), ''))
  if (document.kind !== kind) throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: 'kind' })
  return document as Extract<ProofDocument, { kind: K }>
}
