import { toHex } from '@tallystick/core/codec'
import { type ContractId, isDone, type JsonValue, parseJson, type ResultCode, results } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import type { Settled } from '../ledger/settle.ts'

/** What a contract told, as JSON has it. */
export interface ToldEvent {
  /** The contract's id. */
  readonly source: string
  readonly topic: string
  readonly data: JsonValue
}

/** What came of an action about a contract that is done. */
export interface ContractOutcome {
  /** What the call gave; `undefined` if it gives nothing. */
  readonly returned: JsonValue | undefined
  readonly events: readonly ToldEvent[]
}

const refusalTopics: ReadonlySet<string> = new Set(['refused', 'failed'])
const returnedTopic = 'returned'

/** Where in the author's files a call ended, if that can be told. */
export type Trace = () => Promise<string | undefined>

/**
 * Reads what a receipt of one action says.
 * @throws {CliError} TRANSACTION_REJECTED unless it was done, with the contract's own code and message.
 */
export async function contractOutcome(settled: Settled, contract: ContractId, trace: Trace): Promise<ContractOutcome> {
  const { id, verified, receiptPath } = settled
  const events = [...verified.events.values()].map(({ source, topic, data }): ToldEvent => {
    return { source: toHex(source), topic, data: parseJson(data) ?? data }
  })
  const result = verified.items.get(0)?.result ?? verified.receipt.result
  if (!isDone(result)) {
    const refusal = refusalIn(events)
    const where = await trace()
    const { iso } = results[result]
    const told = wordsOf(refusal, result)
    const lines = [`${result}: ${told}`, ...(where ? [where] : []), `  (receipt: ${receiptPath})`]
    const fields = { result, iso, refusal, trace: where, id: toHex(id), receipt: receiptPath }
    throw new CliError('TRANSACTION_REJECTED', lines.join('\n'), fields)
  }
  const isReturned = ({ topic, source }: ToldEvent): boolean => topic === returnedTopic && source === toHex(contract)
  return { returned: events.find(isReturned)?.data, events: events.filter((event) => !isReturned(event)) }
}

interface ToldRefusal {
  readonly code: string
  readonly message: string
}

function refusalIn(events: readonly ToldEvent[]): ToldRefusal | undefined {
  const data = events.find(({ topic }) => refusalTopics.has(topic))?.data
  if (typeof data !== 'object' || data === null || !('code' in data) || !('message' in data)) return undefined
  return { code: String(data.code), message: String(data.message) }
}

function wordsOf(refusal: ToldRefusal | undefined, result: ResultCode): string {
  const { summary, action } = results[result]
  if (refusal === undefined) return `${summary} ${action}`
  const { code, message } = refusal
  return code === result ? `${summary} (${message}) ${action}` : `${code}: ${message}`
}

/** Events as people read them; another contract than the called one is named. */
export function eventLines(events: readonly ToldEvent[], contract: ContractId): string[] {
  const own = toHex(contract)
  return events.map(({ source, topic, data }) => {
    const from = source === own ? '' : ` (of ${source.slice(0, 16)}…)`
    return `event    ${topic}${from} ${JSON.stringify(data)}`
  })
}
