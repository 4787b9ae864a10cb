import { Type } from '@sinclair/typebox'
import { closed, count, height, hex32, names, nullable, timeMs, u32 } from './primitives.ts'

export const contractName = Type.String({ pattern: '^[a-z][A-Za-z0-9-]{0,63}$' })
export const rowKey = Type.String({ minLength: 1, maxLength: 256, description: 'At most 256 bytes of UTF-8.' })

const contractRecord = closed({
  member: hex32,
  name: Type.String(),
  status: names(['active', 'paused', 'migrating']),
  code: hex32,
  vmVersion: u32,
  generation: u32,
  account: hex32,
  prepaidSteps: count,
  nextBooking: count,
  nextCode: nullable(hex32),
  dropping: nullable(u32),
})

export const contract = closed({ id: hex32, record: contractRecord })

export const describedContract = closed({
  id: hex32,
  record: contractRecord,
  manifest: Type.Object(
    {},
    {
      additionalProperties: true,
      description: 'What the code says of itself (spec/contracts.md §3), with JSON Schemas.',
    },
  ),
})

export const contractCode = closed({
  hash: hex32,
  record: closed(
    {
      member: hex32,
      vmVersion: u32,
      script: Type.String(),
      manifest: Type.String({ description: 'JSON.' }),
      sourceMap: Type.String(),
      source: Type.String(),
      fuel: count,
    },
    'The hash is over vmVersion, script, source and source map.',
  ),
})

export const viewAnswer = closed({
  height,
  output: Type.Unknown({ description: 'What the view returned; null if nothing.' }),
})

export const rowsPage = closed({
  height,
  generation: u32,
  items: Type.Array(closed({ key: Type.String(), value: Type.String() })),
  next: nullable(
    Type.String({ description: 'Where the next page begins: its `from`, or where the order is reversed its `to`.' }),
  ),
})

export const booking = closed({
  number: count,
  record: closed({
    kind: names(['schedule', 'subscription', 'migration']),
    name: Type.String(),
    input: Type.String({ description: 'JSON.' }),
    dueMs: timeMs,
    everyMs: nullable(timeMs),
    fuel: count,
    attempts: u32,
    runs: u32,
    hop: u32,
    cause: hex32,
  }),
})

export const contractNote = closed({
  number: count,
  height,
  timeMs,
  code: nullable(
    Type.String({ pattern: '^[0-9a-f]{64}$', description: 'That ran; null where the node did not note it.' }),
  ),
  transaction: hex32,
  action: u32,
  name: Type.String({ description: "Of the contract's action." }),
  fuelUsed: count,
  lines: Type.Array(Type.String()),
  stack: nullable(Type.String()),
})
