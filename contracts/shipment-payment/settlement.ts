import { LedgerError } from '@tallystick/contract-kit'
import { basisPoints, type Context, dayMs, type Order } from './order.ts'

/** A million for the call; the rest for loading the contract where it has not been called for long. */
const stepFuel = 4_000_000
const minuteMs = 60_000
/** So many minutes later a step may be booked, if that many others fall due at the same time. */
const minutesLateMax = 30

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
  order: Order,
  by: 'buyer' | 'silence' | 'inspector' | 'inspector-silence',
  accepted = order.value,
  freight = order.terms.freight,
): void {
  const { id, terms, value } = order
  const penalty = penaltyOf(order, accepted, lateDaysOf(order, order.deliveredMs ?? ctx.now))
  const supplier = accepted - penalty
  const buyer = value + terms.freight - supplier - freight
  ctx.cancel(order.booking)
  ctx.tables.orders.put({ ...order, status: 'settled' })
  ctx.emit('settled', { id, by, supplier, carrier: freight, buyer, penalty })
  pay(ctx, order, terms.supplier, supplier)
  pay(ctx, order, terms.carrier, freight)
  pay(ctx, order, terms.buyer, buyer)
}

/** Gives the buyer everything back and ends the order. */
export function refund(ctx: Context, order: Order, reason: 'deadline' | 'supplier'): void {
  const { id, terms, value } = order
  const buyer = value + terms.freight
  ctx.cancel(order.booking)
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

/** Ends the booking of an order and makes another one: at a time, or where that minute is full, in one of those that follow. */
export function rebook(
  ctx: Context,
  order: Pick<Order, 'id' | 'booking'>,
  atMs: number,
): { nextMs: number; booking: number } {
  ctx.cancel(order.booking)
  return { nextMs: atMs, booking: book(ctx, order.id, atMs) }
}

export function book(ctx: Context, id: string, atMs: number): number {
  for (let minute = 0; ; minute++) {
    try {
      return ctx.schedule({ action: 'proceed', input: { id }, atMs: atMs + minute * minuteMs, fuel: stepFuel })
    } catch (error) {
      const isFull = error instanceof LedgerError && error.code === 'BOOKING_MINUTE_FULL'
      if (!isFull || minute === minutesLateMax) throw error
    }
  }
}
