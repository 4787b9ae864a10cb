import { describe, expectTypeOf, test } from 'vitest'
import {
  type ActionContext,
  type ActionInput,
  type ActionName,
  type ActionOutput,
  action,
  type ContractTypes,
  defineContract,
  type EventData,
  type EventName,
  type RowOf,
  t,
  table,
  type ViewInput,
  type ViewName,
  type ViewOutput,
  view,
} from '../index.ts'

const positions = table({
  key: ['account', 'number'],
  schema: t.object({ account: t.account(), number: t.integer(), amount: t.amount(), note: t.optional(t.string()) }),
  indexes: { byNote: ['note', 'number'] },
})
const tables = { positions, names: table({ key: ['name'], schema: t.object({ name: t.string() }) }) }
const events = { moved: t.object({ amount: t.amount() }) }

const apart = action({
  input: t.object({ count: t.integer() }),
  output: t.boolean(),
  run(ctx: ActionContext<typeof tables, typeof events>, input) {
    expectTypeOf(input).toEqualTypeOf<{ count: number }>()
    ctx.emit('moved', { amount: 5n })
    return ctx.tables.names.get('x') === undefined
  },
})
const seen = view({ output: t.integer(), run: () => 5 })

const contract = defineContract({
  name: 'typed',
  tables,
  events,
  actions: {
    apart,
    move: {
      input: t.object({ to: t.account(), amount: t.amount(), kind: t.enum(['a', 'b']) }),
      output: t.object({ left: t.amount() }),
      run(ctx, input) {
        expectTypeOf(input).toEqualTypeOf<{ to: string; amount: bigint; kind: 'a' | 'b' }>()
        const row = ctx.tables.positions.get({ account: input.to, number: 5 })
        expectTypeOf(row).toEqualTypeOf<
          { account: string; number: number; amount: bigint; note?: string } | undefined
        >()
        // @ts-expect-error: a key of two fields is no text
        ctx.tables.positions.get('x')
        // @ts-expect-error: there is no such table
        ctx.tables.others.get('x')
        // @ts-expect-error: an amount is a bigint
        ctx.tables.positions.put({ account: input.to, number: 1, amount: 5 })
        // @ts-expect-error: there is no such event
        ctx.emit('other', { amount: 5n })
        // @ts-expect-error: nor such data
        ctx.emit('moved', { amount: 5 })
        ctx.tables.names.get({ name: 'x' })
        ctx.tables.positions.range({ prefix: input.to, from: { number: 5 } })
        ctx.tables.positions.index('byNote').range({ prefix: { note: 'x' } })
        // @ts-expect-error: there is no such index
        ctx.tables.positions.index('byOther')
        // @ts-expect-error: the index begins with a text
        ctx.tables.positions.index('byNote').range({ from: 5 })
        ctx.schedule({ inMs: 5, action: 'move' })
        // @ts-expect-error: either a time or a distance
        ctx.schedule({ inMs: 5, atMs: 5, action: 'move' })
        expectTypeOf(ctx.call('x', 'y', {})).toEqualTypeOf<unknown>()
        expectTypeOf(ctx.call('x', 'y', {}, { output: t.amount() })).toEqualTypeOf<bigint>()
        return { left: input.amount }
      },
    },
    nothing: { run() {} },
    wrong: {
      output: t.object({ left: t.amount() }),
      // @ts-expect-error: the output is another one
      run: () => ({ left: 5 }),
    },
  },
  views: {
    seen,
    position: {
      input: t.object({ number: t.integer() }),
      output: t.array(t.integer()),
      run(ctx, { number }) {
        // @ts-expect-error: a view has nothing that changes the ledger
        ctx.transfer({ to: 'x', asset: 'y', amount: 5n })
        // @ts-expect-error: nor its tables
        ctx.tables.names.put({ name: 'x' })
        return [number, ctx.now]
      },
    },
  },
  schedules: [{ action: 'nothing', everyMs: 60_000 }],
  // @ts-expect-error: there is no such action
  on: [{ source: 'account', topic: 'credited', action: 'other' }],
})

describe('types of a contract', () => {
  test('default: those who call it know what goes in and comes out', () => {
    type C = typeof contract
    expectTypeOf<ActionName<C>>().toEqualTypeOf<'apart' | 'move' | 'nothing' | 'wrong'>()
    expectTypeOf<ActionInput<C, 'move'>>().toEqualTypeOf<{ to: string; amount: bigint; kind: 'a' | 'b' }>()
    expectTypeOf<ActionOutput<C, 'move'>>().toEqualTypeOf<{ left: bigint }>()
    expectTypeOf<ActionOutput<C, 'nothing'>>().toEqualTypeOf<void>()
    expectTypeOf<ActionInput<C, 'apart'>>().toEqualTypeOf<{ count: number }>()
    expectTypeOf<ActionOutput<C, 'apart'>>().toEqualTypeOf<boolean>()
    expectTypeOf<ViewName<C>>().toEqualTypeOf<'seen' | 'position'>()
    expectTypeOf<ViewInput<C, 'position'>>().toEqualTypeOf<{ number: number }>()
    expectTypeOf<ViewInput<C, 'seen'>>().toEqualTypeOf<Record<string, never>>()
    expectTypeOf<ViewOutput<C, 'seen'>>().toEqualTypeOf<number>()
    expectTypeOf<EventName<C>>().toEqualTypeOf<'moved'>()
    expectTypeOf<EventData<C, 'moved'>>().toEqualTypeOf<{ amount: bigint }>()
    expectTypeOf<ContractTypes<C>['rows']['names']>().toEqualTypeOf<{ name: string }>()
    expectTypeOf<RowOf<typeof positions>>().toHaveProperty('amount').toEqualTypeOf<bigint>()
  })
})
