import { defineContract, refuse, t, table } from '@tallystick/contract-kit'

const savings = table({
  key: ['owner'],
  schema: t.object({ owner: t.account(), amount: t.amount(), lockedUntilMs: t.integer() }),
})
const deposit = t.object({ owner: t.account(), asset: t.asset(), amount: t.amount() })

/** Keeps what its owners put in, and gives it back by itself after a day. */
export const contract = defineContract({
  name: 'piggy-bank',
  tables: { savings },
  events: { 'given-back': t.object({ owner: t.account(), amount: t.amount() }) },
  actions: {
    put: {
      input: deposit,
      output: t.amount(),
      run(ctx, { owner, asset, amount }) {
        if (amount === 0n) refuse('AMOUNT_ZERO', 'put something in')
        ctx.requireCaller(owner)
        ctx.take({ from: owner, asset, amount })
        const saved = (ctx.tables.savings.get(owner)?.amount ?? 0n) + amount
        ctx.tables.savings.put({ owner, amount: saved, lockedUntilMs: ctx.now + 86_400_000 })
        ctx.schedule({ inMs: 86_400_000, action: 'giveBack', input: { owner, asset, amount } })
        ctx.log('saved', saved)
        return saved
      },
    },
    giveBack: {
      internal: true,
      input: deposit,
      run(ctx, { owner, asset, amount }) {
        const row = ctx.tables.savings.get(owner)!
        ctx.transfer({ to: owner, asset, amount })
        if (row.amount === amount) ctx.tables.savings.delete(owner)
        else ctx.tables.savings.put({ ...row, amount: row.amount - amount })
        ctx.emit('given-back', { owner, amount })
      },
    },
    /** With a fault: it forgets what it gave. */
    lend: {
      input: t.object({ to: t.account(), asset: t.asset(), amount: t.amount() }),
      run(ctx, { to, asset, amount }) {
        if (amount > 7n) ctx.transfer({ to, asset, amount })
      },
    },
    stumble: {
      input: t.object({}),
      run() {
        const nothing = undefined as unknown as { value: number }
        nothing.value++
      },
    },
  },
  views: {
    saved: {
      input: t.object({ owner: t.account() }),
      output: t.amount(),
      run: (ctx, { owner }) => ctx.tables.savings.get(owner)?.amount ?? 0n,
    },
  },
})
