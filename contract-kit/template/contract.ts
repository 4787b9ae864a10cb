import { defineContract, type RowOf, refuse, t, table } from '@tallystick/contract-kit'

const promises = table({
  key: ['id'],
  schema: t.object({
    id: t.string({ minLength: 1, maxLength: 64 }),
    what: t.string({ maxLength: 500 }),
    /** Who made it: an account, a member or a contract. */
    owner: t.hash(),
    status: t.enum(['open', 'kept', 'broken']),
    dueMs: t.integer(),
    /** Of the call of `lapse`. */
    booking: t.integer(),
  }),
  indexes: { byStatus: ['status', 'dueMs'] },
})

const promiseId = t.object({ id: t.string({ minLength: 1, maxLength: 64 }) })

/** Promises with a deadline. One that its owner has not kept by then, the ledger itself calls broken. */
export const contract = defineContract({
  name: 'promises',
  description: 'Promises with a deadline: kept in time, or broken.',
  tables: { promises },
  events: {
    kept: t.object({ id: t.string(), earlyMs: t.integer() }),
    broken: t.object({ id: t.string(), what: t.string() }),
  },

  actions: {
    make: {
      description: 'Makes a promise, in the name of the first caller.',
      input: t.object({
        id: t.string({ minLength: 1, maxLength: 64 }),
        what: t.string({ maxLength: 500 }),
        seconds: t.integer({ minimum: 1, maximum: 31_536_000 }),
      }),
      output: t.object({ dueMs: t.integer() }),
      run(ctx, { id, what, seconds }) {
        const [owner] = ctx.callers
        if (owner === undefined) refuse('NO_OWNER', 'somebody makes a promise: name a caller')
        if (ctx.tables.promises.get(id) !== undefined) refuse('PROMISE_EXISTS', `there is a promise ${id} already`)
        const dueMs = ctx.now + seconds * 1_000
        const booking = ctx.schedule({ atMs: dueMs, action: 'lapse', input: { id } })
        ctx.tables.promises.put({ id, what, owner: owner.id, status: 'open', dueMs, booking })
        return { dueMs }
      },
    },

    keep: {
      description: 'By the owner, before the deadline.',
      input: promiseId,
      run(ctx, { id }) {
        const promise = known(ctx.tables.promises.get(id), id)
        ctx.requireCaller(promise.owner)
        if (promise.status !== 'open') refuse('PROMISE_OVER', `the promise ${id} is ${promise.status}`)
        ctx.cancel(promise.booking)
        ctx.tables.promises.put({ ...promise, status: 'kept' })
        ctx.emit('kept', { id, earlyMs: promise.dueMs - ctx.now })
      },
    },

    lapse: {
      description: 'By the ledger, at the deadline.',
      internal: true,
      input: promiseId,
      run(ctx, { id }) {
        const promise = ctx.tables.promises.get(id)
        if (promise?.status !== 'open') return
        ctx.tables.promises.put({ ...promise, status: 'broken' })
        ctx.emit('broken', { id, what: promise.what })
        ctx.log('broken:', id)
      },
    },
  },

  views: {
    promise: {
      input: promiseId,
      output: promises.schema,
      run: (ctx, { id }) => known(ctx.tables.promises.get(id), id),
    },
    open: {
      description: 'Promises that are neither kept nor broken, the next deadline first.',
      output: t.array(promises.schema),
      run: (ctx) => ctx.tables.promises.index('byStatus').range({ prefix: 'open' }).rows,
    },
  },
})

function known(promise: RowOf<typeof promises> | undefined, id: string): RowOf<typeof promises> {
  return promise ?? refuse('PROMISE_UNKNOWN', `there is no promise ${id}`)
}
