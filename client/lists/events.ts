import { toHex } from '@tallystick/core/codec'
import { receiptEvent, resultCode } from '@tallystick/core/protocol'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { EventCursor, EventOptions, LedgerEvent } from '../client.ts'
import { ClientError } from '../errors.ts'
import { pause } from '../network/pause.ts'
import { boundedBytes, refusal } from '../network/request.ts'
import type { Session } from '../network/session.ts'
import { Fields, idOf, malformed, whole } from '../wire/fields.ts'

/** Nodes send a comment every 15 s: one that is silent for so long is gone. */
const silenceMaxMs = 45_000
const eventCharactersMax = 1_048_576
const refusalBytesMax = 65_536
const accountsMax = 64
const eventsMax = 64
/** A stream that lasted so long was a good one, although nothing happened. */
const quietStreamMs = 10_000
/** Other streams one after another that bring no event, with growing pauses between them. */
const emptyStreamsMax = 10
const pauseMaxMs = 5_000

/**
 * Follows executed transactions from the cursor. Where a stream breaks, it goes on behind the last event, through the next
 * node if need be; events that a node repeats are left out, so each comes once and in order.
 */
export async function* events(
  session: Session,
  options: EventOptions = {},
): AsyncGenerator<LedgerEvent, void, undefined> {
  let cursor = options.after
  for (let empty = 0; !options.signal?.aborted; empty++) {
    if (empty > 0) await pause(Math.min(pauseMaxMs, 100 * 2 ** empty), options.signal).catch(() => {})
    const stream = await open(session, options, cursor).catch((error: ClientError) => {
      if (error.code !== 'CLIENT_ABORTED') throw error
    })
    if (stream === undefined) return
    const openedMs = Date.now()
    try {
      for await (const event of stream.read()) {
        if (event.kind !== 'heights') {
          if (cursor !== undefined && !isAfter(event.cursor, cursor)) continue
          cursor = event.cursor
          empty = -1
        }
        yield event
      }
    } catch (error) {
      if (options.signal?.aborted) return
      const isLost = error instanceof ClientError && error.code !== 'CLIENT_CURSOR_GONE'
      if (!isLost || empty >= emptyStreamsMax) throw error
    } finally {
      stream.close()
    }
    if (Date.now() - openedMs > quietStreamMs) empty = -1
    session.pool.rotate()
  }
}

interface Stream {
  read(): AsyncGenerator<LedgerEvent, void, undefined>
  close(): void
}

/** @throws {ClientError} when no node opens a stream. */
function open(session: Session, options: EventOptions, after: EventCursor | undefined): Promise<Stream> {
  const search = new URLSearchParams()
  if (after !== undefined) search.set('after', `${after.height}.${after.index}`)
  if (options.account !== undefined) search.set('account', toHex(options.account))
  if (options.contract !== undefined) search.set('contract', toHex(options.contract))
  if (options.topic !== undefined) search.set('topic', options.topic)
  return session.pool.ask(options.signal, async (node) => {
    const leaving = new AbortController()
    const leave = (): void => leaving.abort()
    options.signal?.addEventListener('abort', leave, { once: true })
    const patience = setTimeout(leave, session.requestTimeoutMs)
    try {
      const headers = { accept: 'text/event-stream' }
      const response = await session.fetch(`${node}/v1/events?${search}`, { headers, signal: leaving.signal })
      clearTimeout(patience)
      if (!response.ok) throw refusal(response, await boundedBytes(response, refusalBytesMax))
      if (response.body === null) throw malformed('', 'a stream is wanted')
      const body = response.body
      return { read: () => readStream(body, leaving), close: leave }
    } catch (error) {
      if (options.signal?.aborted) throw new ClientError('CLIENT_ABORTED', { node })
      if (error instanceof ClientError) throw error
      throw new ClientError('CLIENT_NODE_UNREACHABLE', { node, detail: `${node}: ${String(error)}.`, cause: error })
    } finally {
      clearTimeout(patience)
    }
  })
}

async function* readStream(
  body: ReadableStream<Uint8Array>,
  leaving: AbortController,
): AsyncGenerator<LedgerEvent, void, undefined> {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message), maxBufferSize: eventCharactersMax })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (;;) {
    const silence = setTimeout(() => leaving.abort(), silenceMaxMs)
    const { done, value } = await reader
      .read()
      .catch((cause: unknown) => {
        throw new ClientError('CLIENT_NODE_UNREACHABLE', { detail: 'The stream broke off.', cause })
      })
      .finally(() => clearTimeout(silence))
    if (done) return
    parser.feed(decoder.decode(value, { stream: true }))
    for (const message of messages.splice(0)) {
      const event = eventOf(message)
      if (event !== undefined) yield event
    }
  }
}

/** Kinds that this client does not know are passed over. */
function eventOf({ event: kind, data }: EventSourceMessage): LedgerEvent | undefined {
  if (kind === 'gone') throw new ClientError('CLIENT_CURSOR_GONE')
  if (kind !== 'receipt' && kind !== 'executed' && kind !== 'heights') return undefined
  const fields = new Fields(jsonOf(data), kind)
  if (kind === 'heights') {
    return {
      kind,
      final: fields.integer('final'),
      executed: fields.integer('executed'),
      proven: fields.integer('proven'),
    }
  }
  const cursor = { height: fields.integer('height'), index: fields.integer('index') }
  if (kind === 'executed') return { kind, cursor, timeMs: fields.integer('timeMs') }
  const accounts = fields.list('accounts', accountsMax, (item, path) => idOf<never>(item, path))
  const result = fields.decoded('result', resultCode)
  const events = fields.list('events', eventsMax, (item, path) => whole(() => receiptEvent.fromJson(item, path)))
  const counts = { accountCount: fields.integer('accountCount'), eventCount: fields.integer('eventCount') }
  return { kind, cursor, id: fields.id('id'), result, accounts, events, ...counts }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ClientError('CLIENT_ANSWER_MALFORMED', { detail: 'An event is not JSON.', cause })
  }
}

function isAfter(event: EventCursor, cursor: EventCursor): boolean {
  return event.height > cursor.height || (event.height === cursor.height && event.index > cursor.index)
}
