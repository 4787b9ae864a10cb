import { decode, encode, equalBytes, toHex } from '@tallystick/core/codec'
import {
  type ActionOf,
  action,
  type ReceiptItem,
  type ReceiptPointer,
  type ReceiptProof,
  type Reference,
  results,
} from '@tallystick/core/protocol'
import type { PaymentOutcome, ReceiptPlace } from './outcome.ts'

/** Where the receipt of one action is; of packed transactions each payment has a file of its own. */
export function placeOf({ receipt, components }: ReceiptProof, index: number): ReceiptPlace {
  const id = toHex(receipt.id)
  const isPacked = (components[0]?.count ?? 0) > 2
  const { height } = receipt.position
  return { id, action: index, height, timeMs: receipt.timeMs, file: `${id}${isPacked ? `-${index}` : ''}.json` }
}

/** Whether the proof shows this very transfer at this place, with its reference and commitment. */
function showsTransfer({ components }: ReceiptProof, index: number, wanted: ActionOf<'transfer'>): boolean {
  const part = components.find((component) => component.index === index + 1)
  return part !== undefined && equalBytes(part.encoded, encode(action, wanted))
}

/** What a verified receipt says of one payment; for a payment that was made before, where. */
export type Judgement =
  | { readonly kind: 'settled'; readonly outcome: PaymentOutcome }
  | { readonly kind: 'earlier'; readonly original: ReceiptPointer }
  /** The block had no room left for the payer: to be sent again. */
  | { readonly kind: 'again' }

function itemOf({ items }: ReceiptProof, index: number): ReceiptItem | undefined {
  return items.find(({ item }) => item.action === index)?.item
}

/** @param proof - Verified, of the transaction that was sent with the transfer at `index`. */
export function judge(proof: ReceiptProof, index: number): Judgement {
  const item = itemOf(proof, index)
  const code = item?.result ?? proof.receipt.result
  if (code === 'MEMBER_QUOTA_EXCEEDED') return { kind: 'again' }
  if (code === 'ALREADY_DONE' && item?.original !== undefined) return { kind: 'earlier', original: item.original }
  const receipt = placeOf(proof, index)
  if (code === 'OK') return { kind: 'settled', outcome: { kind: 'paid', receipt } }
  const { iso, summary } = results[code]
  return { kind: 'settled', outcome: { kind: 'rejected', code, iso: iso ?? 'NARR', detail: summary, receipt } }
}

/** Whether a verified proof shows that the reference was used at this place, under any date, for whatever content. */
export function showsReferenceUsed({ components, items }: ReceiptProof, index: number, wanted: Reference): boolean {
  const part = components.find((component) => component.index === index + 1)
  const item = items.find((candidate) => candidate.item.action === index)?.item
  if (part === undefined || item?.result !== 'OK') return false
  const shown = decode(action, part.encoded)
  const used = 'reference' in shown ? shown.reference : undefined
  return used !== undefined && equalBytes(used.member, wanted.member) && equalBytes(used.key, wanted.key)
}

/** Whether a verified proof shows that the transfer was made at this place. */
export function showsPaid(proof: ReceiptProof, index: number, wanted: ActionOf<'transfer'>): boolean {
  return showsTransfer(proof, index, wanted) && itemOf(proof, index)?.result === 'OK'
}
