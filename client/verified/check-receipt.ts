import { decode, equalBytes } from '@tallystick/core/codec'
import { type Hash, listRoot } from '@tallystick/core/crypto'
import {
  action,
  envelope,
  type ReceiptProof,
  receiptListKind,
  type TransactionId,
  type TrustRoot,
  verifyReceiptUnderAnchor,
} from '@tallystick/core/protocol'
import type { PartSelection, VerifiedReceipt } from '../client.ts'
import { ClientError } from '../errors.ts'
import { certifiedAt, checked } from './certified.ts'
import type { VerifiedAnchors } from './verified-anchors.ts'

export interface WantedParts {
  readonly items: PartSelection
  readonly entries: PartSelection
  readonly events: PartSelection
  readonly components: PartSelection
}

/**
 * Checks a receipt down from the trusted validators, that it is the one that was asked for, and that all parts that were
 * asked for are there: a proof that holds but leaves out an entry would pass for a smaller payment.
 * @param anchors - Of the answer, with the same trust.
 */
export function checkReceipt(
  trust: TrustRoot,
  id: TransactionId,
  wanted: WantedParts,
  proof: ReceiptProof,
  anchors: VerifiedAnchors,
): VerifiedReceipt {
  checked(() => {
    anchors.verify(proof.anchor)
    verifyReceiptUnderAnchor(trust, proof)
  })
  const { receipt } = proof
  if (!equalBytes(receipt.id, id)) throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: 'receipt.id' })

  const items = proof.items.map(({ item, count }) => ({ index: item.action, count }))
  const entries = proof.entries.map(({ index, count }) => ({ index, count }))
  expectParts('items', wanted.items, items, isEmptyList(receiptListKind.items, receipt.itemsRoot))
  expectParts('entries', wanted.entries, entries, isEmptyList(receiptListKind.entries, receipt.entriesRoot))
  expectParts('events', wanted.events, proof.events, isEmptyList(receiptListKind.events, receipt.eventsRoot))
  expectParts('components', wanted.components, proof.components, false)

  const envelopePart = proof.components.find(({ index }) => index === 0)
  const actionParts = proof.components.filter(({ index }) => index > 0)
  return {
    id,
    receipt,
    items: new Map(proof.items.map(({ item }) => [item.action, item])),
    entries: new Map(proof.entries.map(({ index, entry }) => [index, entry])),
    events: new Map(proof.events.map(({ index, event }) => [index, event])),
    envelope: envelopePart && checked(() => decode(envelope, envelopePart.encoded)),
    actions: new Map(
      actionParts.map(({ index, encoded }) => [index - 1, checked(() => decode(action, encoded))] as const),
    ),
    at: certifiedAt(proof.anchor),
    proof,
  }
}

/** A list's root commits to its length, so that it is empty can be seen without any part of it. */
function isEmptyList(kind: string, root: Hash): boolean {
  return equalBytes(root, listRoot(kind, []))
}

function expectParts(
  link: string,
  wanted: PartSelection,
  shown: readonly { readonly index: number; readonly count: number }[],
  isEmpty: boolean,
): void {
  const have = new Set(shown.map(({ index }) => index))
  const [first] = shown
  if (wanted === 'all') {
    if (isEmpty || have.size === first?.count) return
    const of = first === undefined ? '' : ` of ${first.count}`
    throw new ClientError('CLIENT_PROOF_INCOMPLETE', { link, detail: `${have.size}${of} ${link} are shown.` })
  }
  const missing = wanted.find((index) => !have.has(index))
  if (missing !== undefined) {
    throw new ClientError('CLIENT_PROOF_INCOMPLETE', { link, detail: `Number ${missing} of the ${link} is not shown.` })
  }
}
