import { Type } from '@sinclair/typebox'
import { accountOf } from '../account-text.ts'
import { ApiError } from '../errors.ts'
import { EventStream, parseCursor } from '../event-stream.ts'
import { contractName } from '../form/contracts.ts'
import { accountText, closed, hex32 } from '../form/primitives.ts'
import type { EventCursor, NodePort } from '../port.ts'
import type { Routes } from '../route.ts'
import { contractIdOf } from './contracts.ts'

const cursorText = Type.String({
  pattern: '^(0|[1-9][0-9]{0,15})\\.(0|[1-9][0-9]{0,9})$',
  description: 'The id of the last event that was seen, `height.index`.',
})

export const eventRoutes: Routes = (api, { port, network, options, streams, refusals }) => {
  api.get(
    '/v1/events',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'events',
        summary: 'Receipts and blocks as they are executed, as server-sent events; without proof.',
        description:
          'Events `receipt` and `executed` have ids, from which `Last-Event-ID` or `after` resumes without gaps; ' +
          '`heights` tells what is final, executed and proven. Without an id it starts from now. `contract` and `topic` ' +
          'leave out receipts without such events, and show these.',
        tags: ['events'],
        querystring: closed({
          after: Type.Optional(cursorText),
          account: Type.Optional(accountText),
          contract: Type.Optional(hex32),
          topic: Type.Optional(contractName),
        }),
        headers: Type.Object({ 'last-event-id': Type.Optional(cursorText) }),
        response: {
          200: {
            description: 'A stream that does not end by itself.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { account: accountName, contract, topic } = request.query
      if (topic !== undefined && contract === undefined) {
        throw new ApiError('API_INVALID_REQUEST', '/query/topic: it is that of a contract, which is not named.')
      }
      const account = accountName === undefined ? undefined : accountOf(accountName, network)
      const events = contract === undefined ? undefined : { contract: contractIdOf(contract), topic }
      const after = await cursorOf(port, request.headers['last-event-id'] ?? request.query.after)
      if ((await port.eventsAfter(after, 1)) === 'gone') throw new ApiError('API_CURSOR_GONE')
      streams.admit(request.ip)

      const out = reply.raw
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) out.setHeader(name, value)
      out.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      const stalled = (): void => refusals.count('STREAM_STALLED', request.ip)
      const stream = new EventStream(port, out, options.limits, after, { account, events }, stalled)
      await streams.run(stream, request.ip).catch((error: unknown) => {
        options.onFault({ route: 'GET /v1/events', requestId: request.id, error })
        out.destroy()
      })
    },
  )
}

async function cursorOf(port: NodePort, text: string | undefined): Promise<EventCursor> {
  const cursor = text === undefined ? undefined : parseCursor(text)
  if (cursor !== undefined) return cursor
  const { heights } = await port.status()
  return { height: heights.executed, index: 0xffff_ffff }
}
