import { equalBytes, toHex } from '@tallystick/core/codec'
import { resultCode, type TransactionId } from '@tallystick/core/protocol'
import type { CallOptions, Stage, TransactionStatus } from '../client.ts'
import { askJson, type Session } from '../network/session.ts'
import { exactly, Fields, malformed } from '../wire/fields.ts'

/** Ids of one request. */
export const requestIdsMax = 512

const rank = { unknown: 0, received: 1, final: 2, executed: 3, proven: 4 } as const

/** Whether it is at least at the stage, or never will be. */
export function isSettled({ status }: TransactionStatus, stage: Stage): boolean {
  return status === 'expired' || rank[status] >= rank[stage]
}

/** Asks for some statuses once. @param wait - Lets the node answer only when all have come so far, or the time is up. */
export function askStatuses(
  session: Session,
  ids: readonly TransactionId[],
  wait: { readonly stage: Stage; readonly timeMs: number } | undefined,
  { signal }: CallOptions,
): Promise<TransactionStatus[]> {
  const waiting = wait === undefined ? {} : { wait: wait.stage, timeoutMs: wait.timeMs }
  const post = { json: { ids: ids.map(toHex), ...waiting } }
  const ask = { path: '/v1/transactions/statuses', post, waitMs: wait?.timeMs ?? 0, signal }
  return askJson(session, ask, (json) => {
    const statuses = new Fields(json, '').list('statuses', ids.length, (item, path) => new Fields(item, path))
    return exactly(statuses, ids.length, 'statuses').map((fields, i) => {
      if (!equalBytes(fields.id('id'), ids[i]!)) throw malformed(`statuses[${i}].id`, 'it is of another transaction')
      return statusOf(fields)
    })
  })
}

export async function statusesOf(
  session: Session,
  ids: readonly TransactionId[],
  options: CallOptions = {},
): Promise<TransactionStatus[]> {
  const statuses: TransactionStatus[] = []
  for (let at = 0; at < ids.length; at += requestIdsMax) {
    statuses.push(...(await askStatuses(session, ids.slice(at, at + requestIdsMax), undefined, options)))
  }
  return statuses
}

function statusOf(fields: Fields): TransactionStatus {
  const status = fields.choice('status', ['unknown', 'received', 'final', 'executed', 'proven', 'expired'])
  if (status === 'final') return { status, height: fields.integer('height') }
  if (status !== 'executed' && status !== 'proven') return { status }
  const result = fields.decoded('result', resultCode)
  return { status, height: fields.integer('height'), index: fields.integer('index'), result }
}
