import { type ActionContext, defineContract, type RowOf, refuse, t, table } from '@tallystick/contract-kit'

const deals = table({
  key: ['id'],
  schema: t.object({
    id: t.string({ minLength: 1, maxLength: 64 }),
    status: t.enum(['open', 'settled', 'refunded']),
    seller: t.account(),
    buyer: t.account(),
    /** Who decides if buyer and seller don't agree. */
    arbiter: t.optional(t.account()),
    /** What the buyer pays, and how much of it is still kept. */
    price: t.object({ asset: t.asset(), amount: t.amount() }),
    paymentLeft: t.amount(),
    /** What the seller delivers, if that is on the ledger too. */
    goods: t.optional(t.object({ asset: t.asset(), amount: t.amount() })),
    goodsIn: t.boolean(),
    deadlineMs: t.integer({ minimum: 0 }),
    booking: t.integer({ minimum: 0 }),
  }),
  indexes: { byBuyer: ['buyer', 'deadlineMs'], bySeller: ['seller', 'deadlineMs'] },
})

const events = {
  opened: t.object({ id: t.string(), buyer: t.account(), seller: t.account(), amount: t.amount() }),
  released: t.object({ id: t.string(), amount: t.amount(), left: t.amount() }),
  settled: t.object({ id: t.string() }),
  refunded: t.object({ id: t.string(), amount: t.amount(), reason: t.enum(['deadline', 'arbiter', 'seller']) }),
}

type Deal = RowOf<typeof deals>
type Context = ActionContext<{ deals: typeof deals }, typeof events>

const dealId = t.object({ id: t.string({ minLength: 1, maxLength: 64 }) })
const refundFuel = 2_000_000

/**
 * Delivery versus payment with a deadline. The buyer's payment is kept by the contract; it goes to the seller against the goods, when
 * the buyer releases it (in parts too), or when the arbiter decides so. At the deadline what is left goes back by itself.
 */
export const contract = defineContract({
  name: 'escrow',
  description: 'Keeps a payment until the goods are delivered, the parties agree, or the deadline has passed.',
  tables: { deals },
  events,

  actions: {
    /** By the buyer, whose funds cover the price. */
    open: {
      input: t.object({
        id: t.string({ minLength: 1, maxLength: 64 }),
        buyer: t.account(),
        seller: t.account(),
        arbiter: t.optional(t.account()),
        price: t.object({ asset: t.asset(), amount: t.amount() }),
        goods: t.optional(t.object({ asset: t.asset(), amount: t.amount() })),
        deadlineMs: t.integer({ minimum: 0 }),
      }),
      run(ctx, { id, buyer, seller, arbiter, price, goods, deadlineMs }) {
        ctx.requireCaller(buyer)
        if (ctx.tables.deals.get(id) !== undefined) refuse('DEAL_EXISTS', `there is a deal ${id} already`)
        if (deadlineMs <= ctx.now) refuse('DEADLINE_PASSED', 'the deadline is not in the future')
        if (price.amount === 0n || goods?.amount === 0n) refuse('AMOUNT_ZERO', 'price and goods are above zero')
        ctx.transfer({ from: buyer, to: ctx.self.account, asset: price.asset, amount: price.amount })
        const booking = ctx.schedule({ atMs: deadlineMs, action: 'expire', input: { id }, fuel: refundFuel })
        const parties = { buyer, seller, ...(arbiter !== undefined && { arbiter }) }
        const delivery = { ...(goods !== undefined && { goods }), goodsIn: false }
        const terms = { price, paymentLeft: price.amount, ...delivery, deadlineMs, booking }
        ctx.tables.deals.put({ id, status: 'open', ...parties, ...terms })
        ctx.emit('opened', { id, buyer, seller, amount: price.amount })
      },
    },

    /** By the seller, whose funds cover the goods: goods and payment change hands together. */
    deliver: {
      input: dealId,
      run(ctx, { id }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        ctx.requireCaller(deal.seller)
        const { goods } = deal
        if (goods === undefined)
          refuse('NO_GOODS', 'the goods of this deal are not on the ledger: the buyer releases the payment')
        ctx.transfer({ from: deal.seller, to: deal.buyer, asset: goods.asset, amount: goods.amount })
        pay(ctx, { ...deal, goodsIn: true }, deal.paymentLeft)
      },
    },

    /** By the buyer, or the arbiter: pays the seller some or all of what is left. */
    release: {
      input: t.object({ id: t.string({ minLength: 1, maxLength: 64 }), by: t.account(), amount: t.amount() }),
      run(ctx, { id, by, amount }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        if (by !== deal.buyer && by !== deal.arbiter) refuse('NOT_A_PARTY', 'the buyer or the arbiter releases')
        ctx.requireCaller(by)
        if (amount === 0n || amount > deal.paymentLeft)
          refuse('AMOUNT_WRONG', `from 1 to ${deal.paymentLeft} can be released`)
        pay(ctx, deal, amount)
      },
    },

    /** By the seller, or the arbiter: what is left goes back to the buyer. */
    refund: {
      input: t.object({ id: t.string({ minLength: 1, maxLength: 64 }), by: t.account() }),
      run(ctx, { id, by }) {
        const deal = openDeal(ctx.tables.deals.get(id), id)
        if (by !== deal.seller && by !== deal.arbiter) refuse('NOT_A_PARTY', 'the seller or the arbiter refunds')
        ctx.requireCaller(by)
        ctx.cancel(deal.booking)
        giveBack(ctx, deal, by === deal.seller ? 'seller' : 'arbiter')
      },
    },

    /** At the deadline, by the ledger. */
    expire: {
      internal: true,
      input: dealId,
      run(ctx, { id }) {
        const deal = ctx.tables.deals.get(id)
        if (deal?.status === 'open') giveBack(ctx, deal, 'deadline')
      },
    },
  },

  views: {
    deal: {
      input: dealId,
      output: t.optional(deals.schema),
      run: (ctx, { id }) => ctx.tables.deals.get(id),
    },
  },
})

function openDeal(deal: Deal | undefined, id: string): Deal {
  if (deal === undefined) refuse('DEAL_UNKNOWN', `there is no deal ${id}`)
  if (deal.status !== 'open') refuse('DEAL_OVER', `the deal ${id} is ${deal.status}`)
  return deal
}

/** Pays the seller; the deal is settled when nothing is left. */
function pay(ctx: Context, deal: Deal, amount: bigint): void {
  const { id, seller, price, booking } = deal
  ctx.transfer({ to: seller, asset: price.asset, amount })
  const paymentLeft = deal.paymentLeft - amount
  ctx.emit('released', { id, amount, left: paymentLeft })
  if (paymentLeft > 0n) {
    ctx.tables.deals.put({ ...deal, paymentLeft })
    return
  }
  ctx.cancel(booking)
  ctx.tables.deals.put({ ...deal, paymentLeft, status: 'settled' })
  ctx.emit('settled', { id })
}

function giveBack(ctx: Context, deal: Deal, reason: 'deadline' | 'arbiter' | 'seller'): void {
  const { id, buyer, price, paymentLeft: amount } = deal
  ctx.transfer({ to: buyer, asset: price.asset, amount })
  ctx.tables.deals.put({ ...deal, paymentLeft: 0n, status: 'refunded' })
  ctx.emit('refunded', { id, amount, reason })
}
