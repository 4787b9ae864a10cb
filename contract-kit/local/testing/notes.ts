import { defineContract, t, table } from '@tallystick/contract-kit'

const notes = table({
  key: ['id'],
  schema: t.object({ id: t.string(), text: t.optional(t.string()), price: t.optional(t.amount()) }),
})
const filter = t.object({ from: t.optional(t.string()), limit: t.optional(t.integer({ minimum: 1 })) })

/** Fields that may be missing, in inputs, rows, events and outputs. */
export const contract = defineContract({
  name: 'notes',
  tables: { notes },
  events: { written: notes.schema },
  actions: {
    write: {
      input: notes.schema,
      output: notes.schema,
      run(ctx, note) {
        ctx.tables.notes.put(note)
        ctx.emit('written', note)
        const { id, text, price } = note
        return { id, text, price } as typeof note
      },
    },
    erase: {
      input: t.object({ id: t.string() }),
      output: t.boolean(),
      run: (ctx, { id }) => ctx.tables.notes.delete(id),
    },
    count: { input: t.object({ limit: t.integer() }), output: t.integer(), run: (_ctx, { limit }) => limit },
    nothing: { run() {} },
  },
  views: {
    list: {
      input: filter,
      output: t.object({ rows: t.array(notes.schema), cursor: t.optional(t.string()) }),
      run: (ctx, { from, limit }) => {
        const { rows, cursor } = ctx.tables.notes.range({ ...(from !== undefined && { from }), limit: limit ?? 100 })
        return { rows, ...(cursor !== undefined && { cursor }) }
      },
    },
    first: {
      output: t.object({ note: t.optional(notes.schema), by: t.optional(t.string()) }),
      run(ctx) {
        const [note] = ctx.tables.notes.range({ limit: 1 }).rows
        return note === undefined ? {} : { note }
      },
    },
    size: { input: filter, output: t.integer(), run: (ctx) => ctx.tables.notes.range().rows.length },
  },
})
