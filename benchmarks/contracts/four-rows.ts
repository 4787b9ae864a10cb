import { defineContract, refuse, t, table } from '@tallystick/contract-kit'

const row = t.object({
  owner: t.string({ maxLength: 32 }),
  asset: t.string({ maxLength: 8 }),
  balance: t.amount(),
  opened: t.date(),
  note: t.string({ maxLength: 100 }),
})
const rows = table({ key: ['owner'], schema: row })
const owner = t.string({ maxLength: 32 })

/** Moves an amount from two rows to two others. */
export const contract = defineContract({
  name: 'four-rows',
  tables: { rows },
  actions: {
    fill: {
      input: t.object({ from: t.integer({ minimum: 0 }), count: t.integer({ minimum: 1, maximum: 100 }) }),
      run(ctx, { from, count }) {
        const opened = '2026-11-20'
        for (let n = from; n < from + count; n++) {
          ctx.tables.rows.put({
            owner: `member-${n}`,
            asset: 'EUR',
            balance: 1_000_000_000n,
            opened,
            note: 'x'.repeat(60),
          })
        }
      },
    },
    move: {
      input: t.object({
        from: t.array(owner, { minItems: 2, maxItems: 2 }),
        to: t.array(owner, { minItems: 2, maxItems: 2 }),
        amount: t.amount(),
      }),
      run(ctx, { from, to, amount }) {
        const change = (name: string, by: bigint): void => {
          const found = ctx.tables.rows.get(name)
          if (found === undefined) refuse('ROW_UNKNOWN', name)
          ctx.tables.rows.put({ ...found, balance: found.balance + by })
        }
        for (const name of from) change(name, -amount)
        for (const name of to) change(name, amount)
      },
    },
  },
})
