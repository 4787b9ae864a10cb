import { connect, type Socket } from 'node:net'
import { toHex } from '@tallystick/core/codec'
import { expect, test } from 'vitest'
import * as chain from '../../client/testing/tiny-chain.ts'
import { FakePort } from './testing/fake-port.ts'
import { ask, runningApi } from './testing/running.ts'

/** Reads a stream until it has so many events of the kinds. */
async function readEvents(url: string, count: number, init: RequestInit = {}) {
  const leaver = new AbortController()
  const response = await fetch(url, { ...init, signal: leaver.signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  let text = ''
  const events: { id: string | undefined; event: string; data: unknown }[] = []
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      const event = field('event')
      if (event !== undefined) events.push({ id: field('id'), event, data: JSON.parse(field('data') ?? '') })
    }
    if (events.length >= count) break
  }
  leaver.abort()
  return events
}

test('a reader that comes back gets everything behind its last event, and nothing twice', async () => {
  const { url } = await runningApi()
  const first = await readEvents(`${url}/v1/events?after=0.0`, 4)
  const all = ['receipt 1.0', 'receipt 1.1', 'receipt 1.2', 'executed 1.3']
  expect(first.map(({ id, event }) => `${event} ${id}`)).toEqual(all)
  const again = await readEvents(`${url}/v1/events`, 3, { headers: { 'last-event-id': '1.0' } })
  expect(again.map(({ id }) => id)).toEqual(['1.1', '1.2', '1.3'])
})

test('a store of many pages comes whole', async () => {
  const { url, port } = await runningApi()
  port.stored = Array.from({ length: 300 }, (_, index) => ({ ...port.stored[0]!, kind: 'executed', timeMs: 1, index }))
  const events = await readEvents(`${url}/v1/events?after=0.0`, 300)
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, index) => `1.${index}`))
})

test('without a cursor it starts from now, and follows what comes', async () => {
  const { url, port } = await runningApi()
  const reading = readEvents(`${url}/v1/events`, 2)
  while (port.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  port.stored.push({ kind: 'executed', height: 2, index: 0, timeMs: 2 })
  port.move({ final: 3, executed: 2, proven: 1 })
  const events = await reading
  expect(events[0]).toMatchObject({ id: '2.0', event: 'executed' })
  expect(events[1]).toEqual({ id: undefined, event: 'heights', data: { final: 3, executed: 2, proven: 1 } })
})

test("an account's reader sees its own receipts and where the chain is", async () => {
  const { url } = await runningApi()
  const events = await readEvents(`${url}/v1/events?after=0.0&account=${toHex(chain.alice)}`, 2)
  expect(events.map(({ id }) => id)).toEqual(['1.0', '1.3'])
  expect(events[0]?.data).toMatchObject({ id: toHex(chain.packedId), result: 'OK', accountCount: 3 })
})

test('a reader of a contract is shown its events, of one topic if it wants, and not those of others', async () => {
  const { url } = await runningApi()
  const contract = toHex(chain.contract)
  const events = await readEvents(`${url}/v1/events?after=0.0&contract=${contract}&topic=counted`, 2)
  expect(events.map(({ id }) => id)).toEqual(['1.2', '1.3'])
  expect(events[0]?.data).toMatchObject({
    id: toHex(chain.calledId),
    eventCount: 2,
    events: [{ action: 0, source: contract, topic: 'counted', data: '{"name":"a","total":7}' }],
  })
  const [all] = await readEvents(`${url}/v1/events?after=1.1&contract=${contract}`, 1)
  expect(all?.data).toMatchObject({ events: [{ topic: 'counted' }, { topic: 'returned' }] })
  const [none] = await readEvents(`${url}/v1/events?after=1.1&contract=${'00'.repeat(32)}`, 1)
  expect(none?.id).toBe('1.3')
  const [unasked] = await readEvents(`${url}/v1/events?after=1.1`, 1)
  expect(unasked?.data).toMatchObject({ eventCount: 2, events: [] })
})

test('a quiet stream carries comments', async () => {
  const { url } = await runningApi({ limits: { streamKeepAliveMs: 10 } })
  const leaver = new AbortController()
  const response = await fetch(`${url}/v1/events`, { signal: leaver.signal })
  let text = ''
  for await (const chunk of response.body!) {
    text += new TextDecoder().decode(chunk)
    if (text.includes(': still here')) break
  }
  leaver.abort()
  expect(text).toContain(': still here\n\n')
})

test('a stream over a store that loses its old events ends with a word', async () => {
  const { url, port } = await runningApi()
  const reading = readEvents(`${url}/v1/events?after=1.3`, 9)
  while (port.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  port.firstHeight = 9
  for (const listener of port.listeners) listener(port.heights)
  const events = await reading
  expect(events.at(-1)).toEqual({ id: undefined, event: 'gone', data: { code: 'API_CURSOR_GONE' } })
})

/** A store without end, that counts how much of it was read. */
class EndlessPort extends FakePort {
  read = 0
  override eventsAfter: FakePort['eventsAfter'] = async (after, limit) => {
    this.read += limit
    return Array.from({ length: limit }, (_, i) => ({
      kind: 'executed' as const,
      height: after.height + 1 + i,
      index: 0,
      timeMs: 0,
    }))
  }
}

test('for a reader that takes nothing, reading stops, and then it is cut', async () => {
  const port = new EndlessPort()
  const { url } = await runningApi({ limits: { streamStallMs: 300 } }, port)
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.pause()
  socket.write('GET /v1/events?after=0.0 HTTP/1.1\r\nhost: localhost\r\n\r\n')
  while (port.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  while (port.listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const readInAll = port.read
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(port.read).toBe(readInAll)
  // What the sockets of both sides hold, and no more: some megabytes.
  expect(readInAll).toBeLessThan(400_000)
  socket.destroy()
  expect((await ask(`${url}/healthz`)).status).toBe(200)
})
