import { toHex } from '@tallystick/core/codec'
import type { TransactionId } from '@tallystick/core/protocol'
import type { Stage, TransactionStatus, WaitManyOptions, WaitOptions } from '../client.ts'
import { ClientError } from '../errors.ts'
import type { Session } from '../network/session.ts'
import { askStatuses, isSettled, requestIdsMax } from './statuses.ts'

/** How long one request waits: short enough to show progress, and to notice a node that has stopped. */
const requestWaitMs = 2_000
const waitDefaultMs = 60_000

export async function waitFor(
  session: Session,
  id: TransactionId,
  stage: Stage,
  options: WaitOptions = {},
): Promise<TransactionStatus> {
  const [status] = await waitForAll(session, [id], stage, options)
  if (status === undefined || !isSettled(status, stage)) {
    throw new ClientError('CLIENT_WAIT_TIMEOUT', {
      detail: `Transaction ${toHex(id)} is ${status?.status ?? 'unknown'}.`,
    })
  }
  if (status.status === 'expired')
    throw new ClientError('CLIENT_TRANSACTION_EXPIRED', { detail: `Transaction ${toHex(id)}.` })
  return status
}

/** Ids are asked for in their order, the oldest open ones first, so a request never waits for those that come last. */
export async function waitForAll(
  session: Session,
  ids: readonly TransactionId[],
  stage: Stage,
  { timeoutMs = waitDefaultMs, signal, onReached }: WaitManyOptions = {},
): Promise<TransactionStatus[]> {
  const endMs = Date.now() + timeoutMs
  const statuses: TransactionStatus[] = ids.map(() => ({ status: 'unknown' }))
  let open = ids.map((_, index) => index)
  while (open.length > 0) {
    const timeMs = Math.max(0, Math.min(requestWaitMs, endMs - Date.now()))
    const asked = open.slice(0, requestIdsMax)
    const answers = await askStatuses(
      session,
      asked.map((index) => ids[index]!),
      { stage, timeMs },
      { signal },
    )
    const reached = new Set<number>()
    for (const [i, index] of asked.entries()) {
      statuses[index] = answers[i]!
      if (!isSettled(answers[i]!, stage)) continue
      reached.add(index)
      onReached?.(index, answers[i]!)
    }
    open = open.filter((index) => !reached.has(index))
    if (Date.now() >= endMs) break
  }
  return statuses
}
