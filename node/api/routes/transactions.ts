import { type Static, Type } from '@sinclair/typebox'
import { CodecError, decodeJson, encode, fromHex, type Json, Reader, toHex } from '@tallystick/core/codec'
import {
  storedTransaction,
  submission,
  type TransactionId,
  transaction,
  transactionBytesMax,
} from '@tallystick/core/protocol'
import { statusJson } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { canonical, closed, hex32, names, octets } from '../form/primitives.ts'
import { transactionStatus } from '../form/receipts.ts'
import { goneSignal } from '../gone-signal.ts'
import type { SubmitResult } from '../port.ts'
import { problemOf, problemSchema } from '../problem.ts'
import type { ApiContext, Routes } from '../route.ts'

const stage = names(['final', 'executed', 'proven'], 'Answer when it is at least at this stage, or the time is up.')

export const transactionRoutes: Routes = (api, context) => {
  const { port, waits, options } = context
  const { submitMax, waitMsMax, statusesMax } = options.limits
  const timeoutMs = Type.Integer({ minimum: 0, maximum: waitMsMax, default: Math.min(30_000, waitMsMax) })
  const waitQuery = closed({ wait: Type.Optional(stage), timeoutMs: Type.Optional(timeoutMs) })
  const params = closed({ id: hex32 })
  const tags = ['transactions']

  api.post(
    '/v1/transactions',
    {
      schema: {
        operationId: 'submit',
        summary: 'Submits one signed transaction; safe to repeat.',
        tags,
        querystring: waitQuery,
        body: {
          content: {
            'application/octet-stream': { schema: octets('The canonical encoding of a transaction.') },
            'application/json': { schema: canonical('a transaction') },
          },
        },
        response: { 200: transactionStatus, 202: transactionStatus },
      },
    },
    async (request, reply) => {
      const [outcome] = taken(await port.submit('one', encodedOne(request.body))).outcomes
      if (outcome === undefined) throw new Error('the node gave no outcome')
      if (outcome.status === 'refused') throw new ApiError(outcome.code, outcome.detail)
      const { wait, timeoutMs: time } = request.query
      if (wait === undefined) return reply.code(202).send(statusJson(outcome.id, { status: 'received' }))
      const [status] = await waits.wait([outcome.id], wait, time ?? 0, goneSignal(reply))
      const reached = status !== undefined && status.status !== 'received' && status.status !== 'unknown'
      return reply.code(reached ? 200 : 202).send(statusJson(outcome.id, status ?? { status: 'received' }))
    },
  )

  const outcome = closed({
    id: hex32,
    status: names(['received', 'duplicate', 'refused']),
    problem: Type.Optional(problemSchema),
  })
  api.post(
    '/v1/transactions/batch',
    {
      schema: {
        operationId: 'submitMany',
        summary: 'Submits many; each has an outcome of its own. To wait for them, ask for their statuses.',
        tags,
        querystring: closed({}),
        body: {
          content: {
            'application/octet-stream': { schema: octets('The canonical encoding of a list of transactions.') },
            'application/json': {
              schema: closed({
                transactions: Type.Array(canonical('a transaction'), { minItems: 1, maxItems: submitMax }),
              }),
            },
          },
        },
        response: { 200: closed({ outcomes: Type.Array(outcome) }) },
      },
    },
    async (request) => {
      const { outcomes } = taken(await port.submit('list', encodedList(request.body, submitMax)))
      for (const result of outcomes) if (result.status === 'refused') context.refusals.count(result.code, request.ip)
      return {
        outcomes: outcomes.map((result) =>
          result.status === 'refused'
            ? {
                id: toHex(result.id),
                status: result.status,
                problem: problemOf(new ApiError(result.code, result.detail)),
              }
            : { id: toHex(result.id), status: result.status },
        ),
      }
    },
  )

  api.post(
    '/v1/transactions/statuses',
    {
      schema: {
        operationId: 'statuses',
        summary: 'The statuses of many transactions, at once or when all have come so far.',
        tags,
        body: closed({
          ids: Type.Array(hex32, { minItems: 1, maxItems: statusesMax }),
          wait: Type.Optional(stage),
          timeoutMs: Type.Optional(timeoutMs),
        }),
        response: { 200: closed({ statuses: Type.Array(transactionStatus) }) },
      },
    },
    async (request, reply) => {
      const { ids, wait, timeoutMs: time } = request.body
      return { statuses: await statusesOf(context, ids.map(idOf), wait, time, goneSignal(reply)) }
    },
  )

  api.get(
    '/v1/transactions/:id',
    {
      schema: {
        operationId: 'status',
        summary: 'The status of a transaction, at once or when it has come so far.',
        tags,
        params,
        querystring: waitQuery,
        response: { 200: transactionStatus },
      },
    },
    async (request, reply) => {
      const { wait, timeoutMs: time } = request.query
      const [status] = await statusesOf(context, [idOf(request.params.id)], wait, time, goneSignal(reply))
      return status
    },
  )

  api.get(
    '/v1/transactions/:id/content',
    {
      schema: {
        operationId: 'transaction',
        summary: 'What the block stores of a transaction.',
        tags,
        params,
        response: { 200: canonical('a stored transaction') },
      },
    },
    async (request) => {
      const stored = await port.transaction(idOf(request.params.id))
      if (stored === undefined) throw new ApiError('API_TRANSACTION_UNKNOWN')
      return storedTransaction.toJson(stored)
    },
  )
}

async function statusesOf(
  { port, waits, options }: ApiContext,
  ids: readonly TransactionId[],
  wait: Static<typeof stage> | undefined,
  timeoutMs: number | undefined,
  gone: AbortSignal,
): Promise<Json[]> {
  const time = timeoutMs ?? Math.min(30_000, options.limits.waitMsMax)
  const statuses = wait === undefined ? await port.statusesOf(ids) : await waits.wait(ids, wait, time, gone)
  return statuses.map((status, i) => statusJson(ids[i]!, status))
}

export function idOf(text: string): TransactionId {
  return fromHex(text) as Uint8Array as TransactionId
}

type Answered = Extract<SubmitResult, { kind: 'answered' }>

/** @throws {ApiError} if nothing was taken because of the bytes, the node, or the room. */
function taken(result: SubmitResult): Answered {
  if (result.kind === 'malformed') throw new ApiError('API_BODY_MALFORMED', result.detail)
  if (result.kind === 'refused') throw new ApiError(result.code, result.detail, retryAfter(result))
  const { outcomes } = result
  const [first] = outcomes
  const full = outcomes.every((outcome) => outcome.status === 'refused' && outcome.code === 'MEMPOOL_FULL')
  if (first?.status === 'refused' && full) throw new ApiError('MEMPOOL_FULL', first.detail, retryAfter(result))
  return result
}

function retryAfter({ retryAfterSeconds }: { readonly retryAfterSeconds?: number | undefined }) {
  return retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
}

/** Bytes are the canonical encoding and are passed on unread: the verifiers' threads decode them. Anything else is JSON. */
function encodedOne(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array)) return read(() => encode(transaction, decodeJson(transaction, body)))
  if (body.length > transactionBytesMax) throw new ApiError('TX_TOO_LARGE')
  return body
}

function encodedList(body: unknown, submitMax: number): Uint8Array {
  const encoded = body instanceof Uint8Array ? body : encodedJsonList(body)
  const count = read(() => new Reader(encoded).u32())
  if (count === 0 || count > submitMax) {
    throw new ApiError('API_INVALID_REQUEST', `${count} transactions; 1 to ${submitMax} are taken at once.`)
  }
  return encoded
}

function encodedJsonList(body: unknown): Uint8Array {
  const { transactions } = body as { transactions: unknown[] }
  return read(() =>
    encode(
      submission,
      transactions.map((json, i) => transaction.fromJson(json, `transactions[${i}]`)),
    ),
  )
}

export function read<T>(decodeBody: () => T): T {
  try {
    return decodeBody()
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    throw new ApiError('API_BODY_MALFORMED', error.message)
  }
}
