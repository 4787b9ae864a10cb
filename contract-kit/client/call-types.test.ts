import { expect, expectTypeOf, test } from 'vitest'
import { defineContract, t } from '../index.ts'
import type { CallTerms, TypedContract } from './index.ts'

const contract = defineContract({
  name: 'typed',
  actions: {
    add: { input: t.object({ id: t.string(), by: t.optional(t.integer()) }), output: t.amount(), run: () => 5n },
    drop: { input: t.object({ id: t.string() }), run() {} },
    count: { input: t.object({ limit: t.integer() }), output: t.integer(), run: () => 5 },
  },
  views: {
    sum: { output: t.amount(), run: () => 5n },
    name: { input: t.object({ id: t.string() }), output: t.object({ name: t.optional(t.string()) }), run: () => ({}) },
  },
})

test('types of calls: those of each action, and of one of several if the input fits them all', () => {
  const use = async (typed: TypedContract<typeof contract>, terms: CallTerms, either: 'add' | 'drop') => {
    expectTypeOf((await typed.call('add', { id: 'a', by: 1 }, terms)).output).toEqualTypeOf<bigint>()
    // biome-ignore lint/suspicious/noConfusingVoidType: an action without an output gives nothing.
    expectTypeOf((await typed.call(either, { id: 'a' }, terms)).output).toEqualTypeOf<bigint | void>()
    expectTypeOf((await typed.view('sum', {})).output).toEqualTypeOf<bigint>()
    expectTypeOf((await typed.view('name', { id: 'a' })).output).toEqualTypeOf<{ name?: string }>()
    const other: 'drop' | 'count' = either === 'add' ? 'drop' : 'count'
    // @ts-expect-error: `count` has no `id`
    await typed.call(other, { id: 'a' }, terms)
    // @ts-expect-error: a number is no text
    await typed.call('drop', { id: 5 }, terms)
    // @ts-expect-error: there is no such action
    await typed.call('sum', {}, terms)
    // @ts-expect-error: a call says who pays and signs
    await typed.call('drop', { id: 'a' })
  }
  expect(use).toBeTypeOf('function')
})
