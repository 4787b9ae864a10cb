import { type ActionContext, type RowOf, refuse, t, table, type ViewContext } from '@tallystick/contract-kit'
import { alarms } from '../alarm/alarm.ts'

export const id = t.string({ minLength: 1, maxLength: 64 })
export const dayMs = 86_400_000
/** Parts of a whole in penalties. */
export const basisPoints = 10_000n
const days = t.integer({ minimum: 1, maximum: 365 })
const linesMax = 20

/** What the buyer signs, and supplier and carrier rely on. Nobody changes any of it later. */
export const terms = t.object({
  buyer: t.account(),
  supplier: t.account(),
  /** May be the supplier, but not the buyer. */
  carrier: t.account(),
  /** Who decides if the buyer disputes the delivery; without one the buyer can not. */
  inspector: t.optional(t.account()),
  asset: t.asset(),
  lines: t.array(
    t.object({
      item: t.string({ minLength: 1, maxLength: 40 }),
      quantity: t.integer({ minimum: 1 }),
      value: t.amount(),
    }),
    { minItems: 1, maxItems: linesMax },
  ),
  /** For the carrier. */
  freight: t.amount(),
  /** When the goods are to be there at the latest. Each day begun after that costs the supplier a penalty. */
  dueMs: t.integer({ minimum: 0 }),
  /** When the buyer has everything back if the goods are not there. */
  deadlineMs: t.integer({ minimum: 0 }),
  /** Of the value of the goods, in hundredths of a per cent. */
  penalty: t.object({
    bpsPerDay: t.integer({ minimum: 0, maximum: 10_000 }),
    bpsMax: t.integer({ minimum: 0, maximum: 10_000 }),
  }),
  /** How long the buyer may take to confirm or dispute a delivery: silence confirms it. */
  confirmDays: days,
  /** How long the inspector may take: silence accepts the goods. */
  inspectDays: days,
})

export const orders = table({
  key: ['id'],
  schema: t.object({
    id,
    status: t.enum(['open', 'picked-up', 'delivered', 'disputed', 'settled', 'refunded']),
    buyer: t.account(),
    supplier: t.account(),
    carrier: t.account(),
    terms,
    /** Value of all lines. */
    value: t.amount(),
    /** When the carrier delivered. */
    deliveredMs: t.optional(t.integer()),
    /** When the buyer confirmed, be it before the carrier's word came in. */
    confirmedMs: t.optional(t.integer()),
    /** When the ledger goes on by itself; not there when the order has ended. */
    nextMs: t.optional(t.integer({ minimum: 0 })),
  }),
  indexes: { byNext: ['nextMs'], byBuyer: ['buyer'], bySupplier: ['supplier'], byCarrier: ['carrier'] },
})

/**
 * What a party has coming whose account could not be credited. Its key is shorter than those of an order in its indexes, so it fits if
 * the order did: keys have at most 256 bytes.
 */
export const unclaimed = table({
  key: ['account', 'id'],
  schema: t.object({ id, account: t.account(), asset: t.asset(), amount: t.amount() }),
})

const disputeReason = t.enum(['missing', 'damaged', 'wrong', 'other'])

export const events = {
  opened: t.object({ id, buyer: t.account(), supplier: t.account(), carrier: t.account(), amount: t.amount() }),
  'picked-up': t.object({ id }),
  delivered: t.object({ id, lateDays: t.integer() }),
  confirmed: t.object({ id }),
  disputed: t.object({ id, reason: disputeReason }),
  settled: t.object({
    id,
    by: t.enum(['buyer', 'silence', 'inspector', 'inspector-silence']),
    supplier: t.amount(),
    carrier: t.amount(),
    /** Back to the buyer, the penalty included. */
    buyer: t.amount(),
    penalty: t.amount(),
  }),
  refunded: t.object({ id, reason: t.enum(['deadline', 'supplier']), buyer: t.amount() }),
  unpaid: t.object({ id, account: t.account(), amount: t.amount(), code: t.string({ maxLength: 64 }) }),
  claimed: t.object({ id, account: t.account(), amount: t.amount() }),
}

export const tables = { orders, unclaimed, alarms }
export const reason = disputeReason
export type Order = RowOf<typeof orders>
/** One that has not ended. */
export type OpenOrder = Order & { readonly nextMs: number }
export type Terms = Order['terms']
export type Context = ActionContext<typeof tables, typeof events>

export function orderOf(ctx: ViewContext<typeof tables>, id: string): Order {
  return ctx.tables.orders.get(id) ?? refuse('ORDER_UNKNOWN', `there is no order ${id}`)
}

/** The order, if it is in one of these states. */
export function orderIn(ctx: Context, id: string, ...states: readonly Order['status'][]): OpenOrder {
  const order = orderOf(ctx, id)
  if (!isOpen(order) || !states.includes(order.status)) refuse('ORDER_STATE', `the order ${id} is ${order.status}`)
  return order
}

export function isOpen(order: Order): order is OpenOrder {
  return order.nextMs !== undefined
}
