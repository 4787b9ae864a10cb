// The version after escrow.ts: the rows of deals have a day each, which the old ones get in steps of two.
import { defineContract, t, table } from '@tallystick/contract-kit'

const oldDeals = table({
  key: ['id'],
  schema: t.object({
    id: t.string(),
    buyer: t.account(),
    seller: t.account(),
    asset: t.asset(),
    amount: t.amount(),
    dueMs: t.integer(),
    state: t.enum(['open', 'paid', 'returned']),
    priority: t.optional(t.integer()),
  }),
})

const dayMs = 86_400_000

export const contract = defineContract({
  name: 'escrow',
  tables: {
    deals: table({
      key: ['day', 'id'],
      schema: t.object({ id: t.string(), day: t.integer(), buyer: t.account(), amount: t.amount() }),
      indexes: { byBuyer: ['buyer'] },
    }),
  },
  actions: {},
  views: {
    deals: {
      output: t.array(t.object({ id: t.string(), day: t.integer(), buyer: t.account(), amount: t.amount() })),
      run: (ctx) => ctx.tables.deals.range().rows,
    },
  },
  migrate: {
    from: { deals: oldDeals },
    run(ctx, cursor) {
      const page = ctx.old.deals.range({ cursor, limit: 2 })
      for (const { id, dueMs, buyer, amount } of page.rows) {
        ctx.tables.deals.put({ id, day: Math.floor(dueMs / dayMs), buyer, amount })
      }
      return page.cursor
    },
  },
})
