import { Type } from '@sinclair/typebox'
import { amount, businessDay, closed, count, height, hex32, names, nullable, timeMs, u32 } from './primitives.ts'

export const resultCode = Type.String({ description: 'A code of the protocol; see spec/results.md.' })

const receipt = closed({
  version: Type.Literal(1),
  ledger: hex32,
  id: hex32,
  position: closed({ height, phase: names(['begin', 'payload', 'end']), index: u32 }),
  timeMs,
  result: resultCode,
  charged: closed({ steps: count, writtenBytes: count }),
  itemsRoot: hex32,
  entriesRoot: hex32,
  eventsRoot: hex32,
})

const item = closed({
  group: u32,
  action: u32,
  result: resultCode,
  reference: nullable(closed({ member: hex32, businessDay, key: hex32 })),
  original: nullable(closed({ id: hex32, height, index: u32, action: u32 })),
})

const entry = closed({
  account: hex32,
  asset: hex32,
  sequence: count,
  kind: names(['posted', 'pending', 'released']),
  side: names(['debit', 'credit']),
  amount,
  action: u32,
  after: closed({ debitsPosted: amount, debitsPending: amount, creditsPosted: amount, creditsPending: amount }),
})

export const receiptEvent = closed(
  { action: u32, source: hex32, topic: Type.String(), data: Type.String({ description: 'JSON.' }) },
  'What a contract told; `source` is the contract.',
)

export const receiptView = closed({
  receipt,
  items: Type.Array(item),
  entries: Type.Array(entry),
  events: Type.Array(receiptEvent),
})

export const entryView = closed({
  entry,
  blind: hex32,
  transaction: hex32,
  height,
  index: u32,
  timeMs,
})

export const transactionStatus = closed({
  id: hex32,
  status: names(
    ['unknown', 'received', 'final', 'executed', 'proven', 'expired'],
    '`expired`: its validity ended without it, so it did not happen and can not.',
  ),
  height: Type.Optional(height),
  index: Type.Optional(u32),
  result: Type.Optional(resultCode),
})
