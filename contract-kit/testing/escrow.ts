// A contract as an author writes it, for the tests: money is put into deals, and paid out or given back.
import { defineContract, refuse, t, table } from '@tallystick/contract-kit'
import { feeOf } from './fee.ts'

const deal = t.object({
  id: t.string({ minLength: 1, maxLength: 40 }),
  buyer: t.account(),
  seller: t.account(),
  asset: t.asset(),
  amount: t.amount(),
  dueMs: t.integer({ minimum: 0 }),
  state: t.enum(['open', 'paid', 'returned']),
  priority: t.optional(t.integer({ minimum: -100, maximum: 100 })),
})

const dayMs = 86_400_000

export const contract = defineContract({
  name: 'escrow',
  description: 'Holds money until a deal is done',
  tables: {
    deals: table({
      key: ['id'],
      schema: deal,
      indexes: { byDue: ['state', 'dueMs'], byBuyer: ['buyer'], byPriority: ['priority'] },
    }),
    payments: table({
      key: ['account', 'number'],
      schema: t.object({ account: t.account(), number: t.integer(), amount: t.amount(), day: t.optional(t.date()) }),
    }),
    samples: table({
      key: ['text', 'number', 'amount', 'flag'],
      schema: t.object({ text: t.string(), number: t.integer(), amount: t.amount(), flag: t.boolean() }),
    }),
  },
  events: { opened: t.object({ id: t.string(), amount: t.amount() }), paid: t.object({ id: t.string() }) },
  actions: {
    open: {
      description: 'Puts money into a deal',
      input: t.object({
        id: t.string(),
        seller: t.account(),
        asset: t.asset(),
        amount: t.amount(),
        dueMs: t.integer(),
        priority: t.optional(t.integer()),
      }),
      output: t.object({ fee: t.amount(), booking: t.integer() }),
      run(ctx, { id, seller, asset, amount, dueMs, priority }) {
        const buyer = ctx.funds[0]?.account ?? refuse('NO_FUNDS', 'give the money as funds')
        if (ctx.tables.deals.get(id) !== undefined) refuse('DEAL_EXISTS', `there is a deal ${id}`)
        const fee = feeOf(amount)
        ctx.take({ from: buyer, asset, amount: amount + fee })
        ctx.tables.deals.put({
          id,
          buyer,
          seller,
          asset,
          amount,
          dueMs,
          state: 'open',
          ...(priority !== undefined && { priority }),
        })
        ctx.emit('opened', { id, amount })
        const booking = ctx.schedule({ atMs: dueMs, action: 'giveBack', input: { id } })
        return { fee, booking }
      },
    },
    pay: {
      input: t.object({ id: t.string() }),
      run(ctx, { id }) {
        const found = ctx.tables.deals.get(id) ?? refuse('DEAL_UNKNOWN', `there is no deal ${id}`)
        ctx.requireCaller(found.buyer)
        if (found.state !== 'open') refuse('DEAL_CLOSED', `the deal is ${found.state}`)
        ctx.transfer({ to: found.seller, asset: found.asset, amount: found.amount })
        ctx.tables.deals.put({ ...found, state: 'paid' })
        ctx.emit('paid', { id })
      },
    },
    giveBack: {
      internal: true,
      input: t.object({ id: t.string() }),
      run(ctx, { id }) {
        const found = ctx.tables.deals.get(id)
        if (found === undefined || found.state !== 'open') return
        ctx.transfer({ to: found.buyer, asset: found.asset, amount: found.amount })
        ctx.tables.deals.put({ ...found, state: 'returned' })
      },
    },
    remove: {
      input: t.object({ id: t.string() }),
      output: t.boolean(),
      run: (ctx, { id }) => ctx.tables.deals.delete(id),
    },
    prioritize: {
      input: t.object({ id: t.string(), priority: t.optional(t.integer()) }),
      run(ctx, { id, priority }) {
        const { priority: _, ...found } = ctx.tables.deals.get(id) ?? refuse('DEAL_UNKNOWN', id)
        ctx.tables.deals.put(priority === undefined ? found : { ...found, priority })
      },
    },
    prioritizeAndCatch: {
      input: t.object({ id: t.string(), priority: t.integer() }),
      run(ctx, { id, priority }) {
        const found = ctx.tables.deals.get(id) ?? refuse('DEAL_UNKNOWN', id)
        try {
          ctx.tables.deals.put({ ...found, priority })
        } catch {
          ctx.log('never mind')
        }
      },
    },
    noteCredit: {
      internal: true,
      input: t.eventInput(t.object({ account: t.account(), asset: t.asset(), amount: t.amount() })),
      run(ctx, { data }) {
        const last = ctx.tables.payments.range({ prefix: { account: data.account }, reverse: true, limit: 1 }).rows[0]
        ctx.tables.payments.put({ account: data.account, number: (last?.number ?? 0) + 1, amount: data.amount })
      },
    },
    sample: {
      input: t.object({
        rows: t.array(t.object({ text: t.string(), number: t.integer(), amount: t.amount(), flag: t.boolean() })),
      }),
      run(ctx, { rows }) {
        for (const row of rows) ctx.tables.samples.put(row)
      },
    },
    relay: {
      input: t.object({ contract: t.contract(), id: t.string(), isCaught: t.boolean() }),
      output: t.object({ code: t.optional(t.string()) }),
      run(ctx, { contract, id, isCaught }) {
        try {
          ctx.call(contract, 'pay', { id }, { funds: [...ctx.funds] })
          return {}
        } catch (error) {
          if (!isCaught) throw error
          return { code: (error as { code: string }).code }
        }
      },
    },
    failDeeply: {
      input: t.object({ how: t.enum(['throw', 'refuse', 'row', 'async']) }),
      run(ctx, { how }) {
        if (how === 'async') return Promise.resolve() as unknown as undefined
        if (how === 'refuse') return refuse('ON_PURPOSE', 'as asked')
        if (how === 'row') {
          const wrong = { account: ctx.self.account, number: 1.5, amount: 5n }
          return ctx.tables.payments.put(wrong)
        }
        return fail(undefined)
      },
    },
    shift: {
      input: t.object({ inMs: t.integer() }),
      output: t.object({ account: t.account(), cancelled: t.array(t.boolean()) }),
      run(ctx, { inMs }) {
        const booking = ctx.schedule({ inMs, everyMs: dayMs, action: 'giveBack', input: { id: 'x' }, fuel: 5_000 })
        return { account: ctx.openAccount(7), cancelled: [ctx.cancel(booking), ctx.cancel(booking)] }
      },
    },
  },
  views: {
    deal: {
      input: t.object({ id: t.string() }),
      output: t.union([deal, t.null()]),
      run: (ctx, { id }) => ctx.tables.deals.get(id) ?? null,
    },
    deals: {
      input: t.object({
        order: t.enum(['key', 'byDue', 'byBuyer', 'byPriority']),
        range: t.object({
          from: t.optional(t.string()),
          to: t.optional(t.string()),
          prefix: t.optional(t.string()),
          reverse: t.optional(t.boolean()),
          limit: t.optional(t.integer()),
          cursor: t.optional(t.string()),
        }),
      }),
      output: t.object({ ids: t.array(t.string()), cursor: t.optional(t.string()) }),
      run(ctx, { order, range }) {
        const { deals } = ctx.tables
        const page = order === 'key' ? deals.range(range) : deals.index(order).range(range as object)
        return { ids: page.rows.map((row) => row.id), ...(page.cursor !== undefined && { cursor: page.cursor }) }
      },
    },
    due: {
      input: t.object({ beforeMs: t.integer() }),
      output: t.array(t.string()),
      run: (ctx, { beforeMs }) =>
        ctx.tables.deals
          .index('byDue')
          .range({ prefix: { state: 'open' }, to: { dueMs: beforeMs } })
          .rows.map((row) => row.id),
    },
    samples: {
      input: t.object({ cursor: t.optional(t.string()), text: t.optional(t.string()) }),
      output: t.object({
        rows: t.array(t.object({ text: t.string(), number: t.integer(), amount: t.amount(), flag: t.boolean() })),
        cursor: t.optional(t.string()),
      }),
      run(ctx, { cursor, text }) {
        const page = ctx.tables.samples.range({ cursor, limit: 7, ...(text !== undefined && { prefix: { text } }) })
        return { rows: page.rows, ...(page.cursor !== undefined && { cursor: page.cursor }) }
      },
    },
    around: {
      output: t.object({
        nowMs: t.integer(),
        posted: t.amount(),
        known: t.array(t.string()),
        members: t.array(t.string()),
        other: t.optional(t.amount()),
      }),
      input: t.object({ asset: t.asset(), other: t.optional(t.contract()) }),
      run(ctx, { asset, other }) {
        ctx.log('looking', 2n, { around: 1n })
        const amount = other === undefined ? undefined : ctx.view(other, 'deal', { id: 'd1' }, { output: deal }).amount
        return {
          nowMs: ctx.now,
          posted: ctx.balance(asset).posted,
          known: [ctx.asset(asset)?.code ?? '-', ctx.account(ctx.self.account)?.kind ?? '-'],
          members: ctx.callers.map((caller) => caller.kind),
          ...(amount !== undefined && { other: amount }),
        }
      },
    },
    meddle: {
      output: t.array(t.string()),
      run: (ctx) => [...Object.keys(ctx), ...Object.getOwnPropertyNames(Object.getPrototypeOf(ctx.tables.deals))],
    },
  },
  schedules: [{ action: 'giveBack', input: { id: 'none' }, everyMs: dayMs }],
  on: [{ source: 'account', topic: 'credited', action: 'noteCredit', fuel: 200_000 }],
})

function fail(nothing: { readonly there: string } | undefined): void {
  if (nothing!.there === '') return
}
