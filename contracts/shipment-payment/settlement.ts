import { LedgerError } from '@tallystick/contract-kit'
import { setAlarm } from '../alarm/alarm.ts'
import { basisPoints, type Context, dayMs, isOpen, type OpenOrder, type Order } from './order.ts'

/** A million and a half for the call, the rest for loading the contract where it has not been called for long. */
const wakeFuel = 4_500_000
const ordersPerWake = 5

/** Days begun after an order's due time; none if it is in time. */
export function lateDaysOf({ terms }: Order, deliveredMs: number): number {
  return Math.max(0, Math.ceil((deliveredMs - terms.dueMs) / dayMs))
}

/** Of goods of some value, rounded down. */
export function penaltyOf({ terms }: Order, accepted: bigint, lateDays: number): bigint {
  const { bpsPerDay, bpsMax } = terms.penalty
  return (accepted * BigInt(Math.min(lateDays * bpsPerDay, bpsMax))) / basisPoints
}

/**
 * Pays everybody and ends the order: the supplier for what is accepted less the penalty, the carrier, and the buyer all that is left
 * of what was funded. So the three together are the funded amount, to the last unit.
 * @param accepted - At most the order's value. @param freight - At most the order's freight.
 */
export function settle(
  ctx: Context,
  { nextMs, ...order }: Order,
  by: 'buyer' | 'silence' | 'inspector' | 'inspector-silence',
  accepted = order.value,
  freight = order.terms.freight,
): void {
  const { id, terms, value } = order
  const penalty = penaltyOf(order, accepted, lateDaysOf(order, order.deliveredMs ?? ctx.now))
  const supplier = accepted - penalty
  const buyer = value + terms.freight - supplier - freight
  ctx.tables.orders.put({ ...order, status: 'settled' })
  ctx.emit('settled', { id, by, supplier, carrier: freight, buyer, penalty })
  pay(ctx, order, terms.supplier, supplier)
  pay(ctx, order, terms.carrier, freight)
  pay(ctx, order, terms.buyer, buyer)
}

/** Gives the buyer everything back and ends the order. */
export function refund(ctx: Context, { nextMs, ...order }: Order, reason: 'deadline' | 'supplier'): void {
  const { id, terms, value } = order
  const buyer = value + terms.freight
  ctx.tables.orders.put({ ...order, status: 'refunded' })
  ctx.emit('refunded', { id, reason, buyer })
  pay(ctx, order, terms.buyer, buyer)
}

/** A party that can't be credited now does not hold up the others: it claims its money later. */
function pay(ctx: Context, { id, terms: { asset } }: Order, account: string, amount: bigint): void {
  if (amount === 0n) return
  try {
    ctx.transfer({ to: account, asset, amount })
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    // A party may be owed twice, as supplier and as carrier.
    const before = ctx.tables.unclaimed.get({ id, account })?.amount ?? 0n
    ctx.tables.unclaimed.put({ id, account, asset, amount: before + amount })
    ctx.emit('unpaid', { id, account, amount, code: error.code })
  }
}

/** What silence or a deadline leads to. */
export function proceed(ctx: Context, order: OpenOrder): void {
  if (order.status === 'delivered') settle(ctx, order, 'silence')
  else if (order.status === 'disputed') settle(ctx, order, 'inspector-silence')
  else if (order.confirmedMs === undefined) refund(ctx, order, 'deadline')
  // The carrier never said so, but the buyer has.
  else settle(ctx, { ...order, deliveredMs: order.confirmedMs }, 'buyer')
}

/** Goes on with orders that are due by now; if there are more, the alarm rings again at once. */
export function proceedAllDue(ctx: Context): void {
  const due = ctx.tables.orders.index('byNext').range({ to: ctx.now + 1, limit: ordersPerWake })
  for (const order of due.rows) if (isOpen(order)) proceed(ctx, order)
  setNextAlarm(ctx)
}

export function setNextAlarm(ctx: Context): LedgerError | undefined {
  const [next] = ctx.tables.orders.index('byNext').range({ limit: 1 }).rows
  return setAlarm(ctx, next?.nextMs, wakeFuel)
}
