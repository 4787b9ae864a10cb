import { defineContract, t, table } from '@tallystick/contract-kit'

const counts = table({ key: ['name'], schema: t.object({ name: t.string(), count: t.integer() }) })
const timesMax = 3

/** Counts by a cadence of its own, three times, and collects from whoever lets it. */
export const contract = defineContract({
  name: 'standing-order',
  tables: { counts },
  schedules: [{ action: 'tick', everyMs: 60_000 }],
  actions: {
    tick: {
      internal: true,
      run(ctx) {
        const count = (ctx.tables.counts.get('ticks')?.count ?? 0) + 1
        ctx.tables.counts.put({ name: 'ticks', count })
        if (count === timesMax) ctx.log('last', ctx.cancel(ctx.by!.booking!))
      },
    },
    collect: {
      input: t.object({ from: t.account(), to: t.account(), asset: t.asset(), amount: t.amount() }),
      run: (ctx, taking) => ctx.take(taking),
    },
  },
  views: { ticks: { output: t.integer(), run: (ctx) => ctx.tables.counts.get('ticks')?.count ?? 0 } },
})
