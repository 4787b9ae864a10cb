import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ask, runningApi } from './testing/running.ts'

interface Opened {
  readonly socket: Socket
  readonly closed: Promise<string>
}

/** A connection that keeps what it receives; loopback has more addresses than one on Linux. */
function open(url: string, address = '127.0.0.1'): Promise<Opened> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress: address })
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  return new Promise((resolve) => socket.once('connect', () => resolve({ socket, closed })))
}

const isOpen = ({ closed }: Opened): Promise<boolean> =>
  Promise.race([closed.then(() => false), new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 300))])

test('more connections of one address than allowed are answered with a code and closed; those that are there stay', async () => {
  const { url, api } = await runningApi({ limits: { connectionsPerAddressMax: 2 } })
  const [first, second] = [await open(url), await open(url)]
  const third = await open(url)
  const answer = await third.closed
  expect(answer).toContain('HTTP/1.1 429 ')
  expect(answer).toMatch(/retry-after: 1\r\n/)
  expect(answer).toContain('"code":"API_TOO_MANY_CONNECTIONS"')
  expect(await Promise.all([first, second].map(isOpen))).toEqual([true, true])
  expect(api.stats()).toMatchObject({ connections: 2, refusals: { API_TOO_MANY_CONNECTIONS: 1 } })
})

test('behind a proxy that is trusted the connections of many clients may come from one address', async () => {
  const { url } = await runningApi({ limits: { connectionsPerAddressMax: 1 }, trustedProxies: ['127.0.0.1'] })
  expect(await Promise.all([await open(url), await open(url)].map(isOpen))).toEqual([true, true])
})

test('beyond the limit of all, the longest idle one makes room; one that waits for its answer does not', async () => {
  const { url, port, api } = await runningApi({ limits: { connectionsMax: 3 } })
  const waiting = await open(url)
  waiting.socket.write(
    `GET /v1/transactions/${'00'.repeat(32)}?wait=final&timeoutMs=60000 HTTP/1.1\r\nhost: localhost\r\n\r\n`,
  )
  while (port.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const [older, newer] = [await open(url), await open(url)]
  // Half a body is no request yet.
  older.socket.write(
    'POST /v1/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await ask(`${url}/healthz`)).status).toBe(200)
  expect(await older.closed).toContain('API_TOO_MANY_CONNECTIONS')
  expect(await Promise.all([waiting, newer].map(isOpen))).toEqual([true, true])
  expect(api.stats().connections).toBeLessThanOrEqual(3)
})

test('a connection that was used last is idle the shortest', async () => {
  const { url } = await runningApi({ limits: { connectionsMax: 2 } })
  const [used, unused] = [await open(url), await open(url)]
  used.socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await new Promise((resolve) => used.socket.once('data', resolve))
  await new Promise((resolve) => setTimeout(resolve, 20))
  await open(url)
  expect(await unused.closed).toContain('API_TOO_MANY_CONNECTIONS')
  expect(await isOpen(used)).toBe(true)
})

test('a connection that asks much more than it is answered is cut', async () => {
  const { url, api } = await runningApi({ limits: { pipelinedMax: 4 } })
  const { socket, closed } = await open(url)
  const wait = `GET /v1/transactions/${'00'.repeat(32)}?wait=final&timeoutMs=60000 HTTP/1.1\r\nhost: localhost\r\n\r\n`
  socket.write(wait.repeat(4))
  while (api.stats().waitingIds < 4) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.write(wait.repeat(1_000))
  expect(await closed).toBe('')
  expect(api.stats().refusals).toEqual({ PIPELINE_TOO_LONG: 1 })
  while (api.stats().waitingIds > 0) await new Promise((resolve) => setTimeout(resolve, 5))
})

test('connections that ended make room, whoever ended them', async () => {
  const { url, api } = await runningApi({ limits: { connectionsPerAddressMax: 1 } })
  for (let i = 0; i < 5; i++) {
    const { socket } = await open(url)
    socket.destroy()
    while (api.stats().connections > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(api.stats().refusals).toEqual({})
})
