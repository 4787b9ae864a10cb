import { equalBytes } from '@tallystick/core/codec'
import { type ContractId, isDone, type JsonValue, parseJson, type ResultCode } from '@tallystick/core/protocol'
import type { VerifiedReceipt } from '../client.ts'
import { ClientError } from '../errors.ts'

/** What became of a call: what it returned, or why nothing of it happened. */
export type CallOutcome =
  | { readonly kind: 'returned'; readonly output: JsonValue | undefined }
  | {
      readonly kind: 'failed'
      readonly result: ResultCode
      /** Of the contract, if it refused; else the result. */
      readonly code: string
      readonly message: string
    }

/**
 * Reads a call's outcome from its verified receipt, which shows all items and events.
 * @param action - Index of the call in its transaction.
 * @throws {ClientError} CLIENT_PROOF_INCOMPLETE if the receipt does not show the result of the action.
 */
export function callOutcome({ items, events }: VerifiedReceipt, contract: ContractId, action = 0): CallOutcome {
  const item = items.get(action)
  if (item === undefined) {
    throw new ClientError('CLIENT_PROOF_INCOMPLETE', { link: 'items', detail: `Action ${action} is not shown.` })
  }
  const own = [...events.values()].filter((event) => event.action === action && equalBytes(event.source, contract))
  const { result } = item
  if (isDone(result)) {
    // What the ledger tells of a call stands behind what the contract told.
    const returned = own.findLast(({ topic }) => topic === 'returned')
    return { kind: 'returned', output: returned && parseJson(returned.data) }
  }
  const told = own.find(({ topic }) => topic === 'refused' || topic === 'failed')
  const { code, message } = (parseJson(told?.data ?? '{}') ?? {}) as { code?: unknown; message?: unknown }
  return { kind: 'failed', result, code: String(code ?? result), message: String(message ?? '') }
}
