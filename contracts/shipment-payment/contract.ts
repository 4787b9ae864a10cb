import { defineContract, refuse, t } from '@tallystick/contract-kit'
import {
  type Context,
  dayMs,
  events,
  id,
  type Order,
  orderIn,
  orderOf,
  orders,
  reason,
  type Terms,
  tables,
  terms,
  unclaimed,
} from './order.ts'
import { lateDaysOf, proceed, proceedAllDue, refund, setNextAlarm, settle } from './settlement.ts'

const pageOrders = 50
const orderId = t.object({ id })
const { status, value, nextMs } = orders.schema.properties
const summary = t.object({ id, status, value, nextMs })

/**
 * Pays for goods when both the carrier and the buyer have said that they are there. The buyer's funds are kept until then; what is
 * late costs the supplier a penalty, and what is not there until the deadline is refunded. The rules: README.md.
 */
export const contract = defineContract({
  name: 'shipment-payment',
  description: 'Keeps the price of an order and pays it when the carrier and the buyer have signed the delivery.',
  tables,
  events,

  actions: {
    /** By the buyer, whose funds cover goods and freight. */
    open: {
      input: t.object({ id, terms }),
      run(ctx, { id, terms }) {
        const { buyer, supplier, carrier, asset, freight, lines, deadlineMs } = terms
        ctx.requireCaller(buyer)
        if (ctx.tables.orders.get(id) !== undefined) refuse('ORDER_EXISTS', `there is an order ${id} already`)
        checkTerms(ctx, terms)
        const value = lines.reduce((sum, line) => sum + line.value, 0n)
        const amount = value + freight
        if (amount === 0n) refuse('AMOUNT_ZERO', 'there is nothing to pay')
        ctx.take({ from: buyer, asset, amount })
        const parties = { buyer, supplier, carrier }
        ctx.tables.orders.put({ id, status: 'open', ...parties, terms, value, nextMs: deadlineMs })
        ctx.emit('opened', { id, ...parties, amount })
        const problem = setNextAlarm(ctx)
        if (problem !== undefined) throw problem
      },
    },

    /** By the supplier, before the carrier has the goods: everything goes back to the buyer. */
    cancel: {
      input: orderId,
      run(ctx, { id }) {
        const order = orderIn(ctx, id, 'open')
        ctx.requireCaller(order.supplier)
        refund(ctx, order, 'supplier')
        setNextAlarm(ctx)
      },
    },

    /** By the carrier. */
    pickUp: {
      input: orderId,
      run(ctx, { id }) {
        const order = orderIn(ctx, id, 'open')
        ctx.requireCaller(order.carrier)
        expectTime(ctx.now, order.nextMs)
        ctx.tables.orders.put({ ...order, status: 'picked-up' })
        ctx.emit('picked-up', { id })
      },
    },

    /** By the carrier. Pays at once if the buyer has confirmed already: then the goods were there when the buyer said so. */
    deliver: {
      input: orderId,
      run(ctx, { id }) {
        const order = orderIn(ctx, id, 'picked-up')
        ctx.requireCaller(order.carrier)
        expectTime(ctx.now, order.nextMs)
        const deliveredMs = order.confirmedMs ?? ctx.now
        const delivered = { ...order, status: 'delivered', deliveredMs } as const
        ctx.emit('delivered', { id, lateDays: lateDaysOf(order, deliveredMs) })
        if (order.confirmedMs !== undefined) settle(ctx, delivered, 'buyer')
        else ctx.tables.orders.put({ ...delivered, nextMs: ctx.now + order.terms.confirmDays * dayMs })
        setNextAlarm(ctx)
      },
    },

    /** By the buyer, who has the goods. Pays at once if the carrier has delivered; otherwise when it says so, or at the deadline. */
    confirm: {
      input: orderId,
      run(ctx, { id }) {
        const order = orderIn(ctx, id, 'picked-up', 'delivered', 'disputed')
        ctx.requireCaller(order.buyer)
        if (order.confirmedMs !== undefined) refuse('ORDER_STATE', `the order ${id} is confirmed already`)
        ctx.emit('confirmed', { id })
        const confirmed = { ...order, confirmedMs: ctx.now }
        if (order.deliveredMs === undefined) ctx.tables.orders.put(confirmed)
        else settle(ctx, confirmed, 'buyer')
        setNextAlarm(ctx)
      },
    },

    /** By the buyer, before the silence counts. */
    dispute: {
      input: t.object({ id, reason }),
      run(ctx, { id, reason }) {
        const order = orderIn(ctx, id, 'delivered')
        ctx.requireCaller(order.buyer)
        if (order.terms.inspector === undefined) refuse('NO_INSPECTOR', 'the order names nobody who would decide')
        expectTime(ctx.now, order.nextMs)
        ctx.tables.orders.put({ ...order, status: 'disputed', nextMs: ctx.now + order.terms.inspectDays * dayMs })
        ctx.emit('disputed', { id, reason })
        setNextAlarm(ctx)
      },
    },

    /** By the inspector: what the goods are worth, from nothing to their value, and what the carrier has earned. */
    decide: {
      input: t.object({ id, accepted: t.amount(), freight: t.amount() }),
      run(ctx, { id, accepted, freight }) {
        const order = orderIn(ctx, id, 'disputed')
        ctx.requireCaller(order.terms.inspector ?? refuse('NO_INSPECTOR', 'the order names nobody who would decide'))
        expectTime(ctx.now, order.nextMs)
        if (accepted > order.value || freight > order.terms.freight)
          refuse('AMOUNT_TOO_HIGH', `at most ${order.value} for the goods, and ${order.terms.freight} for the freight`)
        settle(ctx, order, 'inspector', accepted, freight)
        setNextAlarm(ctx)
      },
    },

    /** One order's, from its time on, by anyone: the ledger does it by itself (`wake`). */
    proceed: {
      input: orderId,
      run(ctx, { id }) {
        const order = orderIn(ctx, id, 'open', 'picked-up', 'delivered', 'disputed')
        if (ctx.now < order.nextMs) refuse('NOT_DUE', `nothing is due before ${order.nextMs}`)
        proceed(ctx, order)
        setNextAlarm(ctx)
      },
    },

    /** When an order's silence or deadline counts, by the ledger itself; anyone may call it too. */
    wake: { run: (ctx) => proceedAllDue(ctx) },

    /** By anyone: pays a party whose account could not be credited when the order ended. */
    claim: {
      input: t.object({ id, account: t.account() }),
      run(ctx, { id, account }) {
        const owed = ctx.tables.unclaimed.get({ id, account })
        if (owed === undefined) refuse('NOTHING_UNCLAIMED', 'nothing of this order waits for this account')
        const { asset, amount } = owed
        ctx.tables.unclaimed.delete({ id, account })
        ctx.transfer({ to: account, asset, amount })
        ctx.emit('claimed', { id, account, amount })
      },
    },
  },

  views: {
    order: {
      input: orderId,
      output: orders.schema,
      run: (ctx, { id }) => orderOf(ctx, id),
    },

    /** Those of one party. */
    orders: {
      input: t.object({
        party: t.account(),
        as: t.enum(['buyer', 'supplier', 'carrier']),
        cursor: t.optional(t.string()),
      }),
      output: t.object({ orders: t.array(summary), cursor: t.optional(t.string()) }),
      run(ctx, { party, as, cursor }) {
        const index = { buyer: 'byBuyer', supplier: 'bySupplier', carrier: 'byCarrier' } as const
        const page = ctx.tables.orders.index(index[as]).range({ prefix: party, limit: pageOrders, cursor })
        const orders = page.rows.map(summaryOf)
        return { orders, ...(page.cursor !== undefined && { cursor: page.cursor }) }
      },
    },

    /** What waits for parties of an order whose accounts could not be credited. */
    unclaimed: {
      input: orderId,
      output: t.array(unclaimed.schema),
      run(ctx, { id }) {
        const { buyer, supplier, carrier } = orderOf(ctx, id)
        const parties = [...new Set([buyer, supplier, carrier])]
        return parties.flatMap((account) => ctx.tables.unclaimed.get({ account, id }) ?? [])
      },
    },
  },
})

function summaryOf({ id, status, value, nextMs }: Order) {
  return { id, status, value, ...(nextMs !== undefined && { nextMs }) }
}

/** The ledger goes on by itself at a time as soon as it can; nobody gets in before it if it is late. */
function expectTime(now: number, untilMs: number): void {
  if (now >= untilMs) refuse('TOO_LATE', `this was possible until ${untilMs}`)
}

function checkTerms(ctx: Context, { buyer, supplier, carrier, inspector, asset, dueMs, deadlineMs }: Terms): void {
  const isOwn = [supplier, carrier].includes(ctx.self.account)
  if (isOwn || buyer === supplier || buyer === carrier)
    refuse('PARTIES_SAME', 'the buyer is neither supplier nor carrier')
  if (inspector !== undefined && [buyer, supplier, carrier].includes(inspector))
    refuse('PARTIES_SAME', 'the inspector is none of the other parties')
  for (const account of [supplier, carrier])
    if (ctx.account(account) === undefined) refuse('PARTY_UNKNOWN', `there is no account ${account}`)
  if (ctx.asset(asset) === undefined) refuse('ASSET_UNKNOWN', 'there is no such asset')
  if (dueMs <= ctx.now || deadlineMs < dueMs)
    refuse('TIME_INVALID', 'the due time is to come, and not after the deadline')
}
