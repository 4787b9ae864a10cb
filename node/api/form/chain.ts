import { Type } from '@sinclair/typebox'
import { canonical, closed, count, height, hex32, names, nullable, timeMs, u32 } from './primitives.ts'
import { resultCode } from './receipts.ts'

const header = closed({
  protocolVersion: Type.Literal(1),
  ledger: hex32,
  height,
  parent: hex32,
  timeMs,
  payloadRoot: hex32,
  payloadCount: u32,
  executed: closed({ height, stateRoot: hex32, historyRoot: hex32 }),
  epoch: count,
  nextEpoch: nullable(closed({ epoch: count, validatorsRoot: hex32 })),
})

const summaryFields = {
  hash: hex32,
  header,
  executed: nullable(closed({ receiptsRoot: hex32, stateRoot: hex32 })),
}
export const blockSummary = closed(summaryFields)
export const blockView = closed({
  ...summaryFields,
  finality: nullable(canonical('a finality proof')),
  transactions: Type.Array(closed({ id: hex32, result: nullable(resultCode) })),
})

const heights = closed(
  { final: height, executed: height, proven: height },
  'The newest block that is ordered for ever, that has been executed, and whose roots a certified header carries.',
)

export const nodeStatus = closed({
  name: Type.String(),
  version: Type.String(),
  ledger: hex32,
  role: names(['validator', 'observer']),
  heights,
  finalTimeMs: timeMs,
  epoch: count,
  view: count,
  peers: Type.Array(closed({ name: Type.String(), connected: Type.Boolean() })),
  mempool: closed({ transactions: count, bytes: count }),
  syncing: Type.Boolean(),
  halted: nullable(closed({ code: Type.String(), detail: Type.String() })),
  alarms: Type.Array(closed({ code: Type.String(), detail: Type.String() })),
})
