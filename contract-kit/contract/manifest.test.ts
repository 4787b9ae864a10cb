import { compileSchema, type JsonValue, readManifest } from '@tallystick/core/protocol'
import { describe, expect, test } from 'vitest'
import { defineContract, t, table } from '../index.ts'
import { builtContract } from '../testing/built.ts'

describe('the manifest', () => {
  test('behavior: the ledger reads what the example says', async () => {
    const { manifest, image } = await builtContract('escrow.ts')
    expect(readManifest(JSON.stringify(manifest))).toMatchObject({
      name: 'escrow',
      migrates: false,
      on: [{ source: 'account', topic: 'credited', action: 'noteCredit', fuel: 200_000 }],
      schedules: [{ action: 'giveBack', input: { id: 'none' }, everyMs: 86_400_000, fuel: 1_000_000 }],
    })
    expect(manifest.tables.deals).toMatchObject({
      key: ['id'],
      indexes: { byDue: ['state', 'dueMs'], byBuyer: ['buyer'], byPriority: ['priority'] },
    })
    expect(manifest.actions.giveBack).toMatchObject({ internal: true })
    expect(image.digest()).toHaveLength(32)
  })

  test('default: nothing that is not said', () => {
    const { manifest } = defineContract({ name: 'empty', actions: { nothing: { run() {} } } })
    expect(manifest).toEqual({
      form: 1,
      name: 'empty',
      tables: {},
      actions: { nothing: { input: { type: 'object', properties: {} } } },
      views: {},
      events: {},
      schedules: [],
      on: [],
      migrates: false,
    })
  })

  test('behavior: the ledger takes every schema that the kit builds', () => {
    const notes = { title: 'x', description: 'y', examples: [1], default: 1, $id: 'z' }
    const every = [
      t.object({ a: t.string(), b: t.optional(t.null()) }, notes),
      t.record(t.amount(), notes),
      t.array(t.integer({ minimum: 0, maximum: 5, exclusiveMinimum: -1, exclusiveMaximum: 6 }), {
        minItems: 1,
        maxItems: 2,
      }),
      t.string({ minLength: 1, maxLength: 2, ...notes }),
      t.boolean(notes),
      t.null(notes),
      t.literal('x', notes),
      t.literal(5),
      t.literal(true),
      t.enum(['a', 'b'], notes),
      t.union([t.string(), t.null()], notes),
      t.amount(notes),
      t.account(notes),
      t.asset(notes),
      t.member(notes),
      t.contract(notes),
      t.hash(notes),
      t.date(notes),
      t.eventInput(t.object({})),
    ]
    for (const schema of every)
      expect(() => compileSchema(JSON.parse(JSON.stringify(schema)) as JsonValue)).not.toThrow()
  })

  test('error: keys and indexes that can not be', () => {
    const define = (of: object) => () => defineContract({ name: 'x', tables: { rows: of as never }, actions: {} })
    const schema = t.object({ id: t.string(), list: t.array(t.string()), maybe: t.optional(t.string()) })
    expect(define(table({ key: ['maybe'], schema }))).toThrow('rows.maybe: a field of the key can not be missing')
    expect(define(table({ key: ['id'], schema, indexes: { byList: ['list'] } }))).toThrow(
      'rows.byList.list can be no part of a key',
    )
    expect(define({ key: ['other'], schema, indexes: {} })).toThrow('rows.other')
  })
})
