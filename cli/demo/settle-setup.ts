import { toHex } from '@tallystick/core/codec'
import { type ResultCode, results } from '@tallystick/core/protocol'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'
import { type Settled, settle, type TransactionRequest } from '../ledger/settle.ts'

/**
 * Settles a transaction of the set-up.
 * @param accepted - Results that mean that the wanted state is there, also by an earlier run.
 * @throws {CliError} SETUP_FAILED naming the first action with another result.
 */
export async function settleSetup(
  context: Context,
  connection: Connection,
  request: TransactionRequest,
  accepted: ReadonlySet<ResultCode>,
): Promise<Settled> {
  const settled = await settle(context, connection, request)
  for (const [action, { result }] of settled.verified.items) {
    if (accepted.has(result)) continue
    const why = `action ${action} of ${toHex(settled.id)}: ${result}: ${results[result].summary}`
    throw new CliError('SETUP_FAILED', `${why} (receipt: ${settled.receiptPath})`, {
      result,
      receipt: settled.receiptPath,
    })
  }
  return settled
}
