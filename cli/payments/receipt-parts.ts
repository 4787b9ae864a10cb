import { equalBytes } from '@tallystick/core/codec'
import type { AccountId, ReceiptProof } from '@tallystick/core/protocol'

/**
 * The proof of one payment without the others of its transaction: its result, its action, and the entry of the account
 * that paid. The creditor's entry is left out, since it would show the creditor's balance.
 */
export function partsOfPayment(proof: ReceiptProof, action: number, payer: AccountId): ReceiptProof {
  return {
    ...proof,
    items: proof.items.filter(({ item }) => item.action === action),
    entries: proof.entries.filter(({ entry }) => entry.action === action && equalBytes(entry.account, payer)),
    events: proof.events.filter(({ event }) => event.action === action),
    components: proof.components.filter(({ index }) => index === action + 1),
    disclosures: [],
  }
}

/** Joins parts that were fetched one after another. All hang on the same receipt, so they hold under either anchor. */
export function joinParts(proof: ReceiptProof, more: ReceiptProof): ReceiptProof {
  return {
    ...proof,
    items: [...proof.items, ...more.items],
    entries: [...proof.entries, ...more.entries],
    events: [...proof.events, ...more.events],
    components: [...proof.components, ...more.components],
  }
}
