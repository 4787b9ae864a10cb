import { callOutcome, type VerifiedReceipt } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { type ContractId, type JsonValue, parseJson, results } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import { requireDone, type Settled } from '../ledger/settle.ts'
import { remedyOf } from './remedy.ts'

/** What a contract told, as JSON has it. */
export interface ToldEvent {
  /** The contract's id. */
  readonly source: string
  readonly topic: string
  readonly data: JsonValue
}

/** The ledger's own topic: what a call returned. */
const returnedTopic = 'returned'

/**
 * What a receipt's one action about a contract gave.
 * @param trace - Where in the author's files it failed, if that can be told.
 * @throws {CliError} TRANSACTION_REJECTED unless it was done, with the contract's own code and message.
 */
export function requireContractDone(settled: Settled, contract: ContractId, trace?: string): JsonValue | undefined {
  const { id, verified, receiptPath } = settled
  if (verified.items.size === 0) requireDone(settled)
  const outcome = callOutcome(verified, contract)
  if (outcome.kind === 'returned') return outcome.output
  const { result, code, message } = outcome
  const lines = [`${result}: ${wordsOf(outcome)}`, ...(trace ? [trace] : []), `  (receipt: ${receiptPath})`]
  const { iso } = results[result]
  const fields = { result, iso, refusal: { code, message }, trace, id: toHex(id), receipt: receiptPath }
  throw new CliError('TRANSACTION_REJECTED', lines.join('\n'), fields, remedyOf(outcome))
}

function wordsOf({ code, message, result }: Extract<ReturnType<typeof callOutcome>, { kind: 'failed' }>): string {
  if (code !== result) return `${code}: ${message}`
  return [results[result].summary, message && `(${message})`].filter(Boolean).join(' ')
}

/** All that contracts told, but for what the call returned. */
export function eventsOf({ events }: VerifiedReceipt, contract: ContractId): ToldEvent[] {
  const own = toHex(contract)
  return [...events.values()]
    .map(({ source, topic, data }) => ({ source: toHex(source), topic, data: parseJson(data) ?? data }))
    .filter(({ source, topic }) => topic !== returnedTopic || source !== own)
}

/** Events as people read them; another contract than the called one is named. */
export function eventLines(events: readonly ToldEvent[], contract: ContractId): string[] {
  const own = toHex(contract)
  return events.map(({ source, topic, data }) => {
    const from = source === own ? '' : ` (of ${source.slice(0, 16)}…)`
    return `event    ${topic}${from} ${JSON.stringify(data)}`
  })
}
