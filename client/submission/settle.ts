import { type Transaction, transactionIdOf } from '@tallystick/core/protocol'
import type { Settled, SettleOptions, Stage, TransactionStatus } from '../client.ts'
import type { Session } from '../network/session.ts'
import { isSettled } from './statuses.ts'
import { submitMany } from './submit.ts'
import { waitForAll } from './wait.ts'

/** After how long without being final it is sent again. */
const resendAfterMs = 8_000
/** Between the end of a validity and the block that shows it. */
const expiryAllowanceMs = 60_000

/**
 * `received` is one node's word, and that node may be stopped before it tells the others: so what is not final after a
 * while is sent again, through another node. The id is the same, so it never happens twice.
 */
export async function settle(
  session: Session,
  transactions: readonly Transaction[],
  stage: Stage,
  { timeoutMs, signal, onSettled }: SettleOptions = {},
): Promise<Settled[]> {
  const ids = transactions.map(({ body }) => transactionIdOf(body))
  const lastMs = transactions.reduce((last, { body }) => Math.max(last, body.validUntilMs), 0) + expiryAllowanceMs
  const endMs = timeoutMs === undefined ? lastMs : Date.now() + timeoutMs
  const settled: Settled[] = ids.map((id) => ({ id, outcome: 'status', status: { status: 'unknown' } }))
  let open = transactions.map((_, index) => index)
  const finish = (index: number, value: Settled): void => {
    settled[index] = value
    onSettled?.(index, value)
  }

  for (let round = 0; open.length > 0 && (round === 0 || Date.now() < endMs); round++) {
    if (round > 0) session.pool.rotate()
    const resend = open.filter((index) => isLost(settled[index]!))
    const outcomes = await submitMany(
      session,
      resend.map((index) => transactions[index]!),
      { signal },
    )
    for (const [i, index] of resend.entries()) {
      const outcome = outcomes[i]!
      // A refusal counts only where none took it before: a node may refuse as too late what is in a block already.
      if (outcome.status === 'refused' && round === 0) {
        finish(index, { id: outcome.id, outcome: 'refused', error: outcome.error })
      }
    }
    const waiting = open.filter((index) => settled[index]!.outcome === 'status')
    const timeMs = Math.max(0, Math.min(resendAfterMs, endMs - Date.now()))
    const statuses = await waitForAll(
      session,
      waiting.map((index) => ids[index]!),
      stage,
      {
        timeoutMs: timeMs,
        signal,
        onReached: (i, status) => finish(waiting[i]!, { id: ids[waiting[i]!]!, outcome: 'status', status }),
      },
    )
    open = waiting.filter((index, i) => {
      const status = statuses[i]!
      if (isSettled(status, stage)) return false
      settled[index] = { id: ids[index]!, outcome: 'status', status }
      return true
    })
  }
  return settled
}

function isLost(value: Settled): boolean {
  return value.outcome === 'status' && isUnordered(value.status)
}

function isUnordered({ status }: TransactionStatus): boolean {
  return status === 'unknown' || status === 'received'
}
