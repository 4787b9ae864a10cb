import { byteLength, type ContractId, eventDataBytesMax } from '../../protocol/index.ts'
import type { ActionOutcome, ActionScope } from '../action-scope.ts'
import { type CallEnd, failed } from './contract-call.ts'

/** What a receipt says of a call: what it returned becomes an event, and what went wrong another, instead of all others. */
export function outcomeOf(scope: ActionScope, contract: ContractId, end: CallEnd): ActionOutcome {
  if (end.kind === 'failed') return toldOf(contract, end)
  if (end.output !== undefined) {
    const bytes = byteLength(end.output)
    if (bytes > eventDataBytesMax) {
      return toldOf(
        contract,
        failed('CONTRACT_OUTPUT_EXCEEDED', `an output of ${bytes} bytes, at most ${eventDataBytesMax}`),
      )
    }
    scope.emit({ source: contract, topic: 'returned', data: end.output })
  }
  return { result: 'OK' }
}

function toldOf(contract: ContractId, { result, told }: Extract<CallEnd, { kind: 'failed' }>): ActionOutcome {
  const topic = result === 'CONTRACT_REFUSED' ? 'refused' : 'failed'
  return { result, told: { source: contract, topic, data: JSON.stringify(told) } }
}
