import { type ActionContext, defineContract, LedgerError, type RowOf, refuse, t, table } from '@tallystick/contract-kit'

const id = t.string({ minLength: 1, maxLength: 64 })
const position = t.object({ asset: t.asset(), amount: t.amount() })

const deals = table({
  key: ['id'],
  schema: t.object({
    id,
    status: t.enum(['open', 'settled', 'refunded']),
    seller: t.account(),
    buyer: t.account(),
    /** Who decides if buyer and seller don't agree. */
    arbiter: t.optional(t.account()),
    /** What the buyer pays, and how much of it is still kept. */
    price: position,
    paymentLeft: t.amount(),
    /** What the seller delivers, if that is on the ledger too. */
    goods: t.optional(position),
    goodsIn: t.boolean(),
    deadlineMs: t.integer({ minimum: 0 }),
    /** The deadline, while the ledger is to give back what is left then. */
    expiresMs: t.optional(t.integer({ minimum: 0 })),
  }),
  indexes: { byExpiry: ['expiresMs'], byBuyer: ['buyer', 'deadlineMs'], bySeller: ['seller', 'deadlineMs'] },
})

/** The one booking of all deals, at the earliest deadline: one for each would keep the prepaid steps of a call while it is open. */
const alarms = table({
  key: ['name'],
  schema: t.object({ name: t.enum(['next']), atMs: t.integer(), booking: t.integer() }),
})

const events = {
  opened: t.object({ id: t.string(), buyer: t.account(), seller: t.account(), amount: t.amount() }),
  released: t.object({ id: t.string(), amount: t.amount(), left: t.amount() }),
  settled: t.object({ id: t.string() }),
  'refund-failed': t.object({ id: t.string(), code: t.string() }),
  refunded: t.object({ id: t.string(), amount: t.amount(), reason: t.enum(['deadline', 'arbiter', 'seller']) }),
}

type Deal = RowOf<typeof deals>
const tables = { deals, alarms }
type Context = ActionContext<typeof tables, typeof events>

const dealId = t.object({ id })
/** A million for the call, the rest for loading the contract where it has not been called for long. */
const wakeFuel = 3_500_000
const dealsPerWake = 8
const pageDeals = 50

/**
 * Delivery versus payment with a deadline. The buyer's payment is kept by the contract; it goes to the seller against the goods, when
 * the buyer releases it (in parts too), or when the arbiter decides so. At the deadline what is left goes back by itself: from then
 * on nobody is paid but the buyer. Money is taken from callers alone, so that no deal can be paid with what another one keeps.
 */
export const contract = defineContract({
  name: 'escrow',
  description: 'Keeps a payment until the goods are delivered, the parties agree, or the deadline has passed.',
  tables,
  events,

  actions: {
    /** By the buyer, whose funds cover the price. */
    open: {
      input: t.object({
        id,
        buyer: t.account(),
        seller: t.account(),
        arbiter: t.optional(t.account()),
        price: position,
        goods: t.optional(position),
        deadlineMs: t.integer({ minimum: 0 }),
      }),
      run(ctx, { id, buyer, seller, arbiter, price, goods, deadlineMs }) {
        ctx.requireCaller(buyer)
        if (ctx.tables.deals.get(id) !== undefined) refuse('DEAL_EXISTS', `there is a deal ${id} already`)
        if (deadlineMs <= ctx.now) refuse('DEADLINE_PASSED', 'the deadline is not in the future')
        if (ctx.account(seller) === undefined) refuse('SELLER_UNKNOWN', 'the seller has no such account')
        if (new Set([buyer, seller, arbiter, ctx.self.account]).size < 4)
          refuse('PARTIES_SAME', 'buyer, seller and arbiter are three, and none of them is the contract')
        if (price.amount === 0n || goods?.amount === 0n) refuse('AMOUNT_ZERO', 'price and goods are above zero')
        ctx.take({ from: buyer, asset: price.asset, amount: price.amount })
        const parties = { buyer, seller, ...(arbiter !== undefined && { arbiter }) }
        const delivery = { ...(goods !== undefined && { goods }), goodsIn: false }
        const terms = { price, paymentLeft: price.amount, ...delivery, deadlineMs, expiresMs: deadlineMs }
        ctx.tables.deals.put({ id, status: 'open', ...parties, ...terms })
        ctx.emit('opened', { id, buyer, seller, amount: price.amount })
        const problem = setNextAlarm(ctx)
        if (problem !== undefined) throw problem
      },
    },

    /** By the seller, whose funds cover the goods: goods and payment change hands together. */
    deliver: {
      input: dealId,
      run(ctx, { id }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        ctx.requireCaller(deal.seller)
        expectTime(ctx, deal)
        const { goods } = deal
        if (goods === undefined)
          refuse('NO_GOODS', 'the goods of this deal are not on the ledger: the buyer releases the payment')
        ctx.take({ from: deal.seller, to: deal.buyer, asset: goods.asset, amount: goods.amount })
        pay(ctx, { ...deal, goodsIn: true }, deal.paymentLeft)
        setNextAlarm(ctx)
      },
    },

    /** By the buyer, or the arbiter: pays the seller some or all of what is left. */
    release: {
      input: t.object({ id, by: t.account(), amount: t.amount() }),
      run(ctx, { id, by, amount }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        if (by !== deal.buyer && by !== deal.arbiter) refuse('NOT_A_PARTY', 'the buyer or the arbiter releases')
        ctx.requireCaller(by)
        expectTime(ctx, deal)
        if (amount === 0n || amount > deal.paymentLeft)
          refuse('AMOUNT_WRONG', `from 1 to ${deal.paymentLeft} can be released`)
        pay(ctx, deal, amount)
        setNextAlarm(ctx)
      },
    },

    /** By the seller, or the arbiter: what is left goes back to the buyer. */
    refund: {
      input: t.object({ id, by: t.account() }),
      run(ctx, { id, by }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        if (by !== deal.seller && by !== deal.arbiter) refuse('NOT_A_PARTY', 'the seller or the arbiter refunds')
        ctx.requireCaller(by)
        giveBack(ctx, deal, by === deal.seller ? 'seller' : 'arbiter')
        setNextAlarm(ctx)
      },
    },

    /** From the deadline on, by anyone: for a deal whose buyer could not be credited then. */
    expire: {
      input: dealId,
      run(ctx, { id }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        if (ctx.now < deal.deadlineMs) refuse('DEADLINE_NOT_REACHED', `the deadline is ${deal.deadlineMs}`)
        giveBack(ctx, deal, 'deadline')
        setNextAlarm(ctx)
      },
    },

    /** At the earliest deadline, by the ledger itself; anyone may call it too. */
    wake: {
      run(ctx) {
        const due = ctx.tables.deals.index('byExpiry').range({ to: ctx.now + 1, limit: dealsPerWake })
        for (const deal of due.rows) tryToGiveBack(ctx, deal)
        setNextAlarm(ctx)
      },
    },
  },

  views: {
    deal: {
      input: dealId,
      output: deals.schema,
      run: (ctx, { id }) => ctx.tables.deals.get(id) ?? refuse('DEAL_UNKNOWN', `there is no deal ${id}`),
    },
    /** Of one party, by deadline. */
    deals: {
      input: t.object({ party: t.account(), as: t.enum(['buyer', 'seller']), cursor: t.optional(t.string()) }),
      output: t.object({ deals: t.array(deals.schema), cursor: t.optional(t.string()) }),
      run(ctx, { party, as, cursor }) {
        const range = { limit: pageDeals, cursor }
        const page =
          as === 'buyer'
            ? ctx.tables.deals.index('byBuyer').range({ ...range, prefix: party })
            : ctx.tables.deals.index('bySeller').range({ ...range, prefix: party })
        return { deals: page.rows, ...(page.cursor !== undefined && { cursor: page.cursor }) }
      },
    },
  },
})

function openDeal(deal: Deal | undefined, id: string): Deal {
  if (deal === undefined) refuse('DEAL_UNKNOWN', `there is no deal ${id}`)
  if (deal.status !== 'open') refuse('DEAL_OVER', `the deal ${id} is ${deal.status}`)
  return deal
}

/** The ledger gives back at the deadline as soon as it can; nobody gets in before it if it is late. */
function expectTime({ now }: Context, { deadlineMs }: Deal): void {
  if (now >= deadlineMs) refuse('DEADLINE_PASSED', `the deadline was ${deadlineMs}: the payment goes back to the buyer`)
}

/** Pays the seller; the deal is settled when nothing is left. */
function pay(ctx: Context, deal: Deal, amount: bigint): void {
  const { id, seller, price } = deal
  ctx.transfer({ to: seller, asset: price.asset, amount })
  const paymentLeft = deal.paymentLeft - amount
  ctx.emit('released', { id, amount, left: paymentLeft })
  if (paymentLeft > 0n) {
    ctx.tables.deals.put({ ...deal, paymentLeft })
    return
  }
  ctx.tables.deals.put({ ...withoutExpiry(deal), paymentLeft, status: 'settled' })
  ctx.emit('settled', { id })
}

function giveBack(ctx: Context, deal: Deal, reason: 'deadline' | 'arbiter' | 'seller'): void {
  const { id, buyer, price, paymentLeft: amount } = deal
  ctx.transfer({ to: buyer, asset: price.asset, amount })
  ctx.tables.deals.put({ ...withoutExpiry(deal), paymentLeft: 0n, status: 'refunded' })
  ctx.emit('refunded', { id, amount, reason })
}

/** One buyer that can't be credited does not hold up the others; its deal waits for `expire`. */
function tryToGiveBack(ctx: Context, deal: Deal): void {
  try {
    giveBack(ctx, deal, 'deadline')
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    ctx.tables.deals.put(withoutExpiry(deal))
    ctx.emit('refund-failed', { id: deal.id, code: error.code })
  }
}

function withoutExpiry({ expiresMs, ...deal }: Deal): Deal {
  return deal
}

/** @returns why it can't be set: what a party has coming must not wait for that, but no deal is opened without. */
function setNextAlarm(ctx: Context): LedgerError | undefined {
  const [next] = ctx.tables.deals.index('byExpiry').range({ limit: 1 }).rows
  const atMs = next === undefined ? undefined : Math.max(next.deadlineMs, ctx.now)
  const set = ctx.tables.alarms.get('next')
  // One whose time is now may be the one that rings.
  if (set?.atMs === atMs && atMs !== ctx.now) return undefined
  if (set !== undefined) ctx.cancel(set.booking)
  ctx.tables.alarms.delete('next')
  if (atMs === undefined) return undefined
  try {
    ctx.tables.alarms.put({ name: 'next', atMs, booking: ctx.schedule({ action: 'wake', atMs, fuel: wakeFuel }) })
    return undefined
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
}
