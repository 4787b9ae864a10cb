import { decode } from '../codec/index.ts'
import {
  derivedIdOf,
  type HoldId,
  type HoldRecord,
  holdExpiriesPerBlockMax,
  type ReceiptItem,
  receiptBlind,
  type StateKey,
  stateKey,
} from '../protocol/index.ts'
import { ActionScope } from './action-scope.ts'
import { assertHolds } from './assertion.ts'
import type { ExecutedReceipt } from './block-result.ts'
import type { BlockScope } from './block-scope.ts'
import { dropOldRows } from './contracts/migration.ts'
import type { Expiry } from './expiry-queue.ts'
import { FloorWatch } from './floors.ts'
import { releaseHold } from './holds.ts'
import { buildReceipt } from './receipt-builder.ts'
import { textBytes } from './state/state-key-text.ts'

/** Unused tickets that expired, and nested tries past their window, dropped in one block; the rest follow in the next. */
const ticketsDroppedPerBlockMax = 1_000
const windowsDroppedPerBlockMax = 64

/** Ends holds that have expired, in (expiry, id) order, each by a derived transaction with a receipt of its own. */
export function sweepExpiredHolds(block: BlockScope): ExecutedReceipt[] {
  const receipts: ExecutedReceipt[] = []
  while (receipts.length < holdExpiriesPerBlockMax) {
    const due = block.expiries.holds.popDue(block.timeMs)
    if (due === undefined) break
    const key = keyOf(due)
    assertHolds(key.kind === 'hold', () => 'the queue of holds names another record')
    receipts.push(expireHold(block, key.hold, block.state.hold(key.hold)!, block.state.blindOf(key), receipts.length))
  }
  return receipts
}

function expireHold(
  block: BlockScope,
  id: HoldId,
  hold: HoldRecord,
  blind: Uint8Array,
  index: number,
): ExecutedReceipt {
  const transaction = derivedIdOf(id, 'hold-expiry', 0)
  const place = { transaction, receiptIndex: index, action: 0, salt: undefined }
  const scope = new ActionScope(block, place, new FloorWatch())
  releaseHold(scope, id, hold)
  const item: ReceiptItem = { group: 0, action: 0, result: 'OK', reference: undefined, original: undefined }
  return buildReceipt(block, {
    id: transaction,
    position: { phase: 'begin', index },
    result: 'OK',
    charged: { steps: 0, writtenBytes: 0 },
    items: [{ item, blind: receiptBlind(blind, 0) }],
    entries: scope.entries,
    cause: id,
    transaction: undefined,
    ordinal: undefined,
  })
}

/**
 * Drops what nothing can ask for any more. It is no work of its own: only a block that executes something does it, so that
 * an idle ledger's root stands still.
 */
export function dropOutdated(block: BlockScope): void {
  const { state, expiries, timeMs } = block
  for (let n = 0; n < windowsDroppedPerBlockMax; n++) {
    const window = expiries.windows.popDue(timeMs)
    if (window === undefined) break
    state.delete(keyOf(window))
  }
  dropOldRows(block)
  for (let n = 0; n < ticketsDroppedPerBlockMax; n++) {
    const ticket = expiries.tickets.popDue(timeMs)
    if (ticket === undefined) break
    dropTicket(block, keyOf(ticket))
  }
}

function keyOf({ text }: Expiry): StateKey {
  return decode(stateKey, textBytes(text))
}

function dropTicket({ state }: BlockScope, key: StateKey): void {
  assertHolds(key.kind === 'ticket', () => 'the queue of tickets names another record')
  state.delete(key)
  const { member } = state.account(key.account)!
  const keeper = { kind: 'member', member } as const
  const record = state.member(member)!
  state.put<'member'>(keeper, { ...record, records: record.records - 1 }, state.blindOf(keeper))
}
