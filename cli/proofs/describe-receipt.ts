import { decode, equalBytes, toHex } from '@tallystick/core/codec'
import {
  type Action,
  action,
  addressOf,
  type Genesis,
  memberIdOf,
  type ReceiptItem,
  type ReceiptProof,
} from '@tallystick/core/protocol'

/** A receipt as people and machines read it. Only what its proof shows. */
export interface ShownReceipt {
  readonly id: string
  readonly result: string
  readonly height: number
  readonly time: string
  readonly certifiedByHeight: number
  readonly signers: number
  readonly items: readonly {
    readonly action: number
    readonly result: string
    readonly reference: string | undefined
  }[]
  readonly actions: readonly {
    readonly action: number
    readonly kind: string
    readonly debit?: string
    readonly credit?: string
    readonly amountMinor?: string
  }[]
  readonly entries: readonly { readonly account: string; readonly side: string; readonly amountMinor: string }[]
  readonly events: readonly {
    readonly action: number
    readonly contract: string
    readonly topic: string
    readonly data: unknown
  }[]
  readonly disclosed: readonly { readonly name: string; readonly value: string }[]
}

function referenceText({ reference }: ReceiptItem, genesis: Genesis): string | undefined {
  if (reference === undefined) return undefined
  const member = genesis.members.find(({ identifier }) => equalBytes(memberIdOf(identifier), reference.member))
  const day = new Date(reference.businessDay * 86_400_000).toISOString().slice(0, 10)
  return `${member?.identifier ?? toHex(reference.member)}/${day}/${toHex(reference.key)}`
}

function shownAction(index: number, value: Action, { network }: Genesis): ShownReceipt['actions'][number] {
  return {
    action: index,
    kind: value.kind,
    ...('debit' in value && { debit: addressOf(value.debit, network) }),
    ...('credit' in value && { credit: addressOf(value.credit, network) }),
    ...('amount' in value && { amountMinor: value.amount.toString() }),
  }
}

export function shownReceipt(proof: ReceiptProof, genesis: Genesis): ShownReceipt {
  const { receipt, anchor, items, entries, events, components, disclosures } = proof
  return {
    id: toHex(receipt.id),
    result: receipt.result,
    height: receipt.position.height,
    time: new Date(receipt.timeMs).toISOString(),
    certifiedByHeight: anchor.header.height,
    signers: anchor.finality.quorum.signatures.length,
    items: items.map(({ item }) => ({
      action: item.action,
      result: item.result,
      reference: referenceText(item, genesis),
    })),
    actions: components
      .filter(({ index }) => index > 0)
      .map(({ index, encoded }) => shownAction(index - 1, decode(action, encoded), genesis)),
    entries: entries.map(({ entry }) => ({
      account: addressOf(entry.account, genesis.network),
      side: entry.side,
      amountMinor: entry.amount.toString(),
    })),
    events: events.map(({ event: { action: index, source, topic, data } }) => ({
      action: index,
      contract: toHex(source),
      topic,
      data: JSON.parse(data) as unknown,
    })),
    disclosed: disclosures.flatMap(({ fields }) => fields.map(({ field: { name, value } }) => ({ name, value }))),
  }
}

/** Events that are printed; all of them are in the JSON form. */
const eventLinesMax = 20

export function receiptLines(shown: ShownReceipt): string[] {
  const { id, result, height, time, certifiedByHeight, signers, items, actions, events, disclosed } = shown
  return [
    `  transaction ${id}`,
    `  ${result} in block ${height} of ${time}`,
    `  certified by block ${certifiedByHeight} with ${signers} signatures`,
    ...items.map((item) => `  action ${item.action}: ${item.result}`),
    ...actions.map(({ kind, debit, credit, amountMinor }) =>
      [`  ${kind}`, amountMinor && `${amountMinor} minor units`, debit && `from ${debit}`, credit && `to ${credit}`]
        .filter(Boolean)
        .join(' '),
    ),
    ...events
      .slice(0, eventLinesMax)
      .map(({ contract, topic, data }) => `  contract ${contract} told ${topic}: ${JSON.stringify(data)}`),
    ...(events.length > eventLinesMax ? [`  and ${events.length - eventLinesMax} more events`] : []),
    ...disclosed.map(({ name, value }) => `  ${name}: ${value}`),
  ]
}
