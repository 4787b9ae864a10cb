import { type Hash, listRoot } from '@tallystick/core/crypto'
import {
  type AccountId,
  actionsOf,
  componentSalt,
  type Entry,
  entryLeaf,
  eventLeaf,
  itemLeaf,
  type Receipt,
  type ReceiptEvent,
  type ReceiptItem,
  receiptBlind,
  receiptListKind,
  type Transaction,
  type TransactionId,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { alice, bob, carol, contract, euro, ledger, timeMs, totals } from './genesis.ts'
import { called, failed, packed } from './transactions.ts'

// What block 1 made of its transactions.

interface Executed {
  readonly transaction: Transaction
  readonly receipt: Receipt
  readonly items: readonly ReceiptItem[]
  readonly entries: readonly Entry[]
  readonly events: readonly ReceiptEvent[]
  readonly itemLeaves: readonly Hash[]
  readonly entryLeaves: readonly Hash[]
  readonly entryBlinds: readonly Hash[]
  readonly eventLeaves: readonly Hash[]
  readonly eventBlinds: readonly Hash[]
}

function entriesOfPacked(): Entry[] {
  const entry = (
    account: AccountId,
    sequence: number,
    side: 'debit' | 'credit',
    amount: bigint,
    act: number,
  ): Entry => ({
    account,
    asset: euro,
    sequence,
    kind: 'posted',
    side,
    amount,
    action: act,
    after:
      side === 'debit'
        ? { ...totals, creditsPosted: 1_000n, debitsPosted: act === 0 ? 100n : 123n }
        : { ...totals, creditsPosted: amount },
  })
  return [
    entry(alice, 1, 'debit', 100n, 0),
    entry(bob, 0, 'credit', 100n, 0),
    entry(alice, 2, 'debit', 23n, 1),
    entry(carol, 0, 'credit', 23n, 1),
  ]
}

/** What the call told. */
const events: ReceiptEvent[] = [
  { action: 0, source: contract, topic: 'counted', data: '{"name":"a","total":7}' },
  { action: 0, source: contract, topic: 'returned', data: '7' },
]

function execute(
  transaction: Transaction,
  index: number,
  result: Receipt['result'],
  entries: Entry[],
  told: readonly ReceiptEvent[] = [],
): Executed {
  const { body } = transaction
  const items: ReceiptItem[] = actionsOf(body).map((_, i) => ({
    group: i,
    action: i,
    result,
    reference: undefined,
    original: undefined,
  }))
  const saltOf = (act: number): Hash => componentSalt(body.nonce, act + 1)
  const itemLeaves = items.map((item) => itemLeaf(item, receiptBlind(saltOf(item.action), 0)))
  const entryBlinds = entries.map((entry, i) => receiptBlind(saltOf(entry.action), 1 + (i % 2)))
  const entryLeaves = entries.map((entry, i) => entryLeaf(entry, entryBlinds[i]!))
  const eventBlinds = told.map((event, i) => receiptBlind(saltOf(event.action), 2 ** 32 - 1 - i))
  const eventLeaves = told.map((event, i) => eventLeaf(event, eventBlinds[i]!))
  const receipt: Receipt = {
    version: 1,
    ledger,
    id: transactionIdOf(body),
    position: { height: 1, phase: 'payload', index },
    timeMs: timeMs + 1_000,
    result,
    charged: body.limits,
    itemsRoot: listRoot(receiptListKind.items, itemLeaves),
    entriesRoot: listRoot(receiptListKind.entries, entryLeaves),
    eventsRoot: listRoot(receiptListKind.events, eventLeaves),
  }
  const leaves = { itemLeaves, entryLeaves, entryBlinds, eventLeaves, eventBlinds }
  return { transaction, receipt, items, entries, events: told, ...leaves }
}

const executedOf = new Map<string, Executed>()
const done = execute(packed, 0, 'OK', entriesOfPacked())
const refused = execute(failed, 1, 'INSUFFICIENT_FUNDS', [])
const counted = execute(called, 2, 'OK', [], events)
export const executed = [done, refused, counted]
for (const each of executed) executedOf.set(each.receipt.id.join(), each)

export const receipts = executed.map(({ receipt }) => receipt)
export const receiptOf = (id: TransactionId): Executed | undefined => executedOf.get(id.join())
