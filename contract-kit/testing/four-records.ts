// Reads and writes four records, as benchmarks/contract-machine.mjs does.
import { defineContract, t, table } from '@tallystick/contract-kit'

export const contract = defineContract({
  name: 'four-records',
  tables: {
    records: table({
      key: ['id'],
      schema: t.object({
        id: t.string({ maxLength: 40 }),
        owner: t.string({ maxLength: 64 }),
        asset: t.string({ maxLength: 8 }),
        balance: t.amount(),
        opened: t.date(),
        note: t.string({ maxLength: 100 }),
      }),
    }),
  },
  actions: {
    move: {
      input: t.object({ from: t.array(t.string()), to: t.array(t.string()), amount: t.amount() }),
      output: t.object({ moved: t.integer() }),
      run(ctx, { from, to, amount }) {
        const { records } = ctx.tables
        const change = (id: string, by: bigint): void => {
          const record = records.get(id)!
          record.balance += by
          records.put(record)
        }
        for (const id of from) change(id, -amount)
        for (const id of to) change(id, amount)
        return { moved: 2 }
      },
    },
  },
})
