import { expect, test } from 'vitest'
import type { LedgerEvent } from '../client.ts'
import { clientOf, deadUrl, startNode, startServer } from '../testing/nodes.ts'
import * as chain from '../testing/tiny-chain.ts'

async function take(events: AsyncIterable<LedgerEvent>, count: number): Promise<LedgerEvent[]> {
  const taken: LedgerEvent[] = []
  for await (const event of events) {
    if (event.kind !== 'heights') taken.push(event)
    if (taken.length >= count) break
  }
  return taken
}

test('events come in order with their cursors', async () => {
  const { url } = await startNode()
  const events = await take(clientOf([url]).events({ after: { height: 0, index: 0 } }), 4)
  expect(events).toMatchObject([
    { kind: 'receipt', cursor: { height: 1, index: 0 }, id: chain.packedId, result: 'OK', accountCount: 3 },
    { kind: 'receipt', cursor: { height: 1, index: 1 }, id: chain.failedId },
    { kind: 'receipt', cursor: { height: 1, index: 2 }, id: chain.calledId },
    { kind: 'executed', cursor: { height: 1, index: 3 } },
  ])
})

test('where a stream breaks it goes on through another node, without gap or repetition', async () => {
  const node = await startNode()
  const breaking = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const data = {
      height: 1,
      index: 0,
      id: '00'.repeat(32),
      result: 'OK',
      accounts: [],
      accountCount: 0,
      events: [],
      eventCount: 0,
    }
    response.write(`id: 1.0\nevent: receipt\ndata: ${JSON.stringify(data)}\n\n`)
    response.write('id: 1.0\nevent: receipt\ndata: {"height":1,"index":')
    setTimeout(() => response.destroy(), 10)
  })
  const client = clientOf([breaking, await deadUrl(), node.url], { retryTimeMs: 5_000 })
  const events = await take(client.events({ after: { height: 0, index: 0 } }), 3)
  expect(events.map((event) => event.kind !== 'heights' && event.cursor.index)).toEqual([0, 1, 2])
})

test('what a node sends again comes once', async () => {
  const repeating = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const index of [0, 1, 0, 1, 2]) {
      response.write(`event: executed\ndata: ${JSON.stringify({ height: 1, index, timeMs: 1 })}\n\n`)
    }
  })
  const events = await take(clientOf([repeating]).events({ after: { height: 1, index: 0 } }), 2)
  expect(events.map((event) => event.kind !== 'heights' && event.cursor.index)).toEqual([1, 2])
})

test('events that are no longer kept end the following with a code', async () => {
  const { url } = await startNode((port) => {
    port.firstHeight = 5
  })
  await expect(take(clientOf([url]).events({ after: { height: 1, index: 0 } }), 1)).rejects.toMatchObject({
    code: 'CLIENT_CURSOR_GONE',
  })
})

test('following ends when the caller wants', async () => {
  const { url } = await startNode()
  const gone = new AbortController()
  setTimeout(() => gone.abort(), 50)
  expect(await take(clientOf([url]).events({ signal: gone.signal }), 1)).toEqual([])
})
