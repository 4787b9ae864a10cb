import { type Infer, list, option, safeU64, struct, variant } from '../codec/index.ts'
import {
  block,
  blockHash,
  certificate,
  finalizationFields,
  header,
  payloadItem,
  payloadItemsMax,
} from '../protocol/index.ts'
import { signedVote } from './votes.ts'

/** Certificates in one message; a longer justification is fetched by views. */
export const certificatesPerMessageMax = 64
/** Votes in one message: a view's votes of every kind at a set of 256 validators, with some room. */
export const votesPerMessageMax = 1_024
/** Headers in one answer to `requestFinalized`; K bounds the distance of two finalizations, so one always fits. */
export const finalizedHeadersMax = 64
/** Views that one `requestViews` may name. */
export const requestedViewsMax = 64

const certificates = list(certificate, certificatesPerMessageMax)

/** What validators and observers say to each other, in the order of a view's life. */
const content = variant({
  /**
   * The leader's notarize vote, which is the proposal; the block unless it is a repeat; and certificates that justify the parent
   * (the parent's own and the newest nullifications; what a receiver lacks beyond them it asks for by view).
   */
  proposal: [1, struct({ vote: signedVote, block: option(block), justification: certificates })],
  votes: [2, struct({ votes: list(signedVote, votesPerMessageMax) })],
  certificates: [3, struct({ certificates })],
  /** Nothing but the heights of the envelope. */
  status: [4, struct({})],
  /** Asks for certificates and votes of the views `from` to `to`, both included. */
  requestViews: [5, struct({ from: safeU64, to: safeU64 })],
  requestBlock: [6, struct({ hash: blockHash })],
  block: [7, struct({ block })],
  /** Asks for finalized blocks from a height up. */
  requestFinalized: [8, struct({ fromHeight: safeU64 })],
  /**
   * Consecutive headers from the height asked for up to the finalization's block, and the payloads of the first of them,
   * as many as fit; the others are fetched by hash.
   */
  finalized: [
    9,
    struct({
      finalization: finalizationFields,
      headers: list(header, finalizedHeadersMax),
      payloads: list(list(payloadItem, payloadItemsMax), finalizedHeadersMax),
    }),
  ],
})

/**
 * The envelope carries, outside every signature, the height that the sender has executed and the height that it knows
 * final: leaders choose `executed` by the first, nodes that are behind find out by the second.
 */
export const consensusMessage = struct({ epoch: safeU64, executedHeight: safeU64, finalizedHeight: safeU64, content })
export type ConsensusMessage = Infer<typeof consensusMessage>
export type MessageContent = ConsensusMessage['content']
