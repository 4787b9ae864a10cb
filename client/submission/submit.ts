import { encode, equalBytes } from '@tallystick/core/codec'
import {
  submission,
  type Transaction,
  type TransactionId,
  transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import type { CallOptions, SubmitManyOptions, SubmitOutcome, Submitted } from '../client.ts'
import { ClientError } from '../errors.ts'
import { eachOf } from '../network/each-of.ts'
import { pause } from '../network/pause.ts'
import { problemOf, refusalOf } from '../network/request.ts'
import { askJson, type Session } from '../network/session.ts'
import { exactly, Fields } from '../wire/fields.ts'

/** Of one request; nodes take up to 8 MiB. */
const requestTransactionsMax = 256
const requestBytesMax = 4 * 1_048_576
const requestsMax = 4
/** When a node that had room for a part is asked again, at the earliest. */
const roomAfterMs = 500

export function submit(session: Session, value: Transaction, options: CallOptions = {}): Promise<Submitted> {
  const id = transactionIdOf(value.body)
  const ask = { path: '/v1/transactions', post: { bytes: encode(transaction, value) }, signal: options.signal }
  return askJson(session, ask, (json) => {
    const fields = new Fields(json, '')
    expectId(fields, id)
    return { id, status: 'received' }
  })
}

export async function submitMany(
  session: Session,
  transactions: readonly Transaction[],
  { signal, onProgress }: SubmitManyOptions = {},
): Promise<SubmitOutcome[]> {
  const outcomes: SubmitOutcome[] = new Array(transactions.length)
  let done = 0
  await eachOf(chunksOf(transactions), requestsMax, async (indexes) => {
    const chunk = indexes.map((index) => transactions[index]!)
    const results = await submitUntilTaken(session, chunk, signal)
    for (const [i, index] of indexes.entries()) {
      const result = results[i]!
      const isOpen = result.status === 'refused' && !foundNoRoom(result.error)
      outcomes[index] = isOpen ? await submitAlone(session, chunk[i]!, signal) : result
    }
    done += indexes.length
    onProgress?.(done, transactions.length)
  })
  return outcomes
}

/** A refusal stands only where every node refuses: one may be behind, or full, or lie. */
async function submitAlone(
  session: Session,
  value: Transaction,
  signal: AbortSignal | undefined,
): Promise<SubmitOutcome> {
  try {
    return await submit(session, value, { signal })
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'CLIENT_ABORTED') throw error
    return { id: transactionIdOf(value.body), status: 'refused', error }
  }
}

/** What a full node leaves over is sent again, together, as long as the session asks again at all. */
async function submitUntilTaken(
  session: Session,
  chunk: readonly Transaction[],
  signal: AbortSignal | undefined,
): Promise<SubmitOutcome[]> {
  const endMs = Date.now() + session.pool.retryTimeMs
  const outcomes: SubmitOutcome[] = new Array(chunk.length)
  let open = chunk.map((_, i) => i)
  for (;;) {
    const part = open.map((i) => chunk[i]!)
    const results = await submitChunk(session, part, signal).catch((error: unknown) => allRefused(part, error))
    for (const [k, i] of open.entries()) outcomes[i] = results[k]!
    open = open.filter((i) => {
      const outcome = outcomes[i]!
      return outcome.status === 'refused' && foundNoRoom(outcome.error)
    })
    const waitMs = roomAfterMs * (1 + Math.random())
    if (open.length === 0 || Date.now() + waitMs > endMs) return outcomes
    session.pool.rotate()
    await pause(waitMs, signal)
  }
}

function foundNoRoom({ problem }: ClientError): boolean {
  return problem?.code === 'MEMPOOL_FULL'
}

/** Every node said that it has no room, until the time was up: the outcome of each. */
function allRefused(transactions: readonly Transaction[], error: unknown): SubmitOutcome[] {
  if (!(error instanceof ClientError) || !foundNoRoom(error)) throw error
  return transactions.map(({ body }) => ({ id: transactionIdOf(body), status: 'refused', error }))
}

function submitChunk(
  session: Session,
  transactions: readonly Transaction[],
  signal: AbortSignal | undefined,
): Promise<SubmitOutcome[]> {
  const ids = transactions.map(({ body }) => transactionIdOf(body))
  const ask = { path: '/v1/transactions/batch', post: { bytes: encode(submission, [...transactions]) }, signal }
  return askJson(session, ask, (json) => {
    const outcomes = new Fields(json, '').list('outcomes', ids.length, (item, path) => new Fields(item, path))
    return exactly(outcomes, ids.length, 'outcomes').map((fields, i) => outcomeOf(fields, ids[i]!))
  })
}

function outcomeOf(fields: Fields, id: TransactionId): SubmitOutcome {
  expectId(fields, id)
  const status = fields.choice('status', ['received', 'duplicate', 'refused'])
  if (status !== 'refused') return { id, status }
  return { id, status, error: refusalOf(problemOf(fields.raw('problem'))) }
}

/** A node that answers for another transaction has not taken this one. */
function expectId(fields: Fields, id: TransactionId): void {
  if (!equalBytes(fields.id('id'), id)) {
    throw new ClientError('CLIENT_ANSWER_MALFORMED', { detail: 'id: it is of another transaction.' })
  }
}

/** Indexes in chunks that are bounded by number and by size. */
function chunksOf(transactions: readonly Transaction[]): number[][] {
  const chunks: number[][] = []
  let current: number[] = []
  let bytes = 0
  for (const [index, value] of transactions.entries()) {
    const size = encode(transaction, value).length
    if (current.length > 0 && (current.length >= requestTransactionsMax || bytes + size > requestBytesMax)) {
      chunks.push(current)
      current = []
      bytes = 0
    }
    current.push(index)
    bytes += size
  }
  if (current.length > 0) chunks.push(current)
  return chunks
}
