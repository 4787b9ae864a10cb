import { connect as connectTcp } from 'node:net'
import { connect, createServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { createIdentity } from './certificate.ts'
import { frameHeader } from './frames.ts'
import { encodeHello } from './hello.ts'
import {
  connectRaw,
  keyOfSeed,
  ledger,
  nowhere,
  seedsInOrder,
  startNode,
  type TestNode,
  until,
} from './testing/test-network.ts'
import { tlsSettings } from './tls-settings.ts'

const [own, peer, other, stranger] = seedsInOrder(4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
const hello = encodeHello(ledger, { channel: 'consensus', nodeVersion: '1' })

/** A node that knows `peer` and `other`. */
async function victim(limits: Parameters<typeof startNode>[2] = {}): Promise<TestNode & { port: number }> {
  // Nobody listens where it dials, so that only what the test connects is there.
  const peers = [peer, other].map((seed) => ({ seed, port: nowhere }))
  const node = await startNode(own, peers, limits)
  return { ...node, port: node.network.address.port }
}

const countOf = ({ network }: TestNode, code: string): number => network.stats()[`disconnects_${code}`] ?? 0
const neverUp = ({ log }: TestNode): boolean => log.every((line) => !/ connected/.test(line))

/** Whether a peer that keeps the protocol is still let in. */
async function expectServing(node: TestNode & { port: number }): Promise<void> {
  const good = await connectRaw(node.port, other)
  good.sendFrame('hello', encodeHello(ledger, { channel: 'consensus', nodeVersion: '1' }))
  await until('a good peer is let in', () => node.network.connected('consensus').length === 1)
}

test('a key that is not in the registry is turned away before a byte of it is read', async () => {
  const node = await victim()
  const raw = await connectRaw(node.port, stranger)
  raw.sendFrame('hello', hello)
  await raw.closed
  expect(raw.received()).toHaveLength(0)
  expect(countOf(node, 'NETWORK_UNKNOWN_KEY')).toBe(1)
  expect(node.log.join()).toContain(keyOfSeed(stranger))
  expect(neverUp(node)).toBe(true)
  await expectServing(node)
})

test.each([
  ['no certificate', { cert: undefined, key: undefined }, 'NETWORK_UNKNOWN_KEY'],
  ['TLS 1.2', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', sigalgs: undefined }, 'NETWORK_HANDSHAKE_FAILED'],
  ['another protocol', { ALPNProtocols: ['h2'] }, 'NETWORK_HANDSHAKE_FAILED'],
  ['no protocol', { ALPNProtocols: undefined }, 'NETWORK_HANDSHAKE_FAILED'],
] as const)('a handshake with %s is refused', async (_name, changes, code) => {
  const node = await victim()
  const settings = { ...tlsSettings(createIdentity(peer)), ...changes }
  for (const [key, value] of Object.entries(settings))
    if (value === undefined) delete settings[key as keyof typeof settings]
  const socket = connect({ host: '127.0.0.1', port: node.port, servername: '', ...(settings as object) })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  socket.resume()
  await new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await until(code, () => countOf(node, code) === 1)
  expect(neverUp(node)).toBe(true)
  await expectServing(node)
})

test('garbage instead of TLS costs the sender its connection', async () => {
  const node = await victim()
  for (const garbage of ['GET / HTTP/1.1\r\n\r\n', '\0'.repeat(100), '\x16\x03\x01\xff\xff'.padEnd(70_000, '\x01')]) {
    const socket = connectTcp({ host: '127.0.0.1', port: node.port })
    socket.on('error', () => {})
    socket.resume()
    socket.write(Buffer.from(garbage, 'latin1'))
    await new Promise<void>((resolve) => socket.on('close', () => resolve()))
  }
  await until('three failures', () => countOf(node, 'NETWORK_HANDSHAKE_FAILED') === 3)
  expect(node.network.stats().pending_connections).toBe(0)
  await expectServing(node)
})

test('who says nothing, or stops within the handshake, or before the hello, is cut off in time', async () => {
  const node = await victim({ limits: { handshakeMs: 300 } })
  const silent = connectTcp({ host: '127.0.0.1', port: node.port })
  const halfway = connectTcp({ host: '127.0.0.1', port: node.port })
  halfway.write(Buffer.from('160301', 'hex'))
  const sockets = [silent, halfway]
  for (const socket of sockets) socket.on('error', () => {}).resume()
  const closed = sockets.map((socket) => new Promise<void>((resolve) => socket.on('close', () => resolve())))
  const greeting = await connectRaw(node.port, peer)
  // One byte now and then does not buy more time.
  greeting.socket.write(frameHeader('hello', 200))
  const drip = setInterval(() => greeting.socket.write(Uint8Array.of(1)), 50)
  onTestFinished(() => clearInterval(drip))
  greeting.socket.on('error', () => {})
  await Promise.all([...closed, greeting.closed])
  expect(countOf(node, 'NETWORK_HANDSHAKE_TIMEOUT')).toBe(3)
  await until('nothing is left of them', () => node.network.stats().pending_connections === 0)
  await expectServing(node)
})

test.each([
  ['of one address, the newest are refused', { pendingPerAddressMax: 5 }],
  ['of all, the oldest make room', { pendingConnectionsMax: 5 }],
])('connections without a hello are bounded in number: %s', async (_name, limits) => {
  const node = await victim({ limits })
  const sockets = Array.from({ length: 12 }, () => connectTcp({ host: '127.0.0.1', port: node.port }))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) socket.on('error', () => {}).resume()
  await until('seven are closed', () => countOf(node, 'NETWORK_TOO_MANY_PENDING') === 7)
  expect(node.network.stats().pending_connections).toBe(5)
  // Those that were cut, by their place in the order of arrival.
  await until('they see it', () => sockets.filter(({ destroyed }) => destroyed).length === 7)
  const first = 'pendingConnectionsMax' in limits ? 0 : 5
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual(sockets.map((_, i) => i >= first && i < first + 7))
  for (const socket of sockets) socket.destroy()
  await until('room', () => node.network.stats().pending_connections === 0)
  await expectServing(node)
})

const wrongHello = (change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = hello.slice()
  change(bytes)
  return bytes
}

test.each([
  ['of another ledger', wrongHello((bytes) => bytes.fill(3, 2, 34)), 'NETWORK_WRONG_LEDGER'],
  ['of another version', wrongHello((bytes) => bytes.fill(3, 0, 1)), 'NETWORK_VERSION_MISMATCH'],
  ['of a later version, in a form unknown here', Uint8Array.of(3, 0, 1, 2, 3), 'NETWORK_VERSION_MISMATCH'],
  ['for a channel that is none', encodeHello(ledger, { channel: 'gossip', nodeVersion: '1' }), 'NETWORK_WRONG_CHANNEL'],
  [
    'for a channel named like a member of every object',
    encodeHello(ledger, { channel: 'constructor', nodeVersion: '1' }),
    'NETWORK_WRONG_CHANNEL',
  ],
  ['that is cut off', hello.slice(0, -1), 'NETWORK_FRAME_MALFORMED'],
  ['that is empty', new Uint8Array(0), 'NETWORK_FRAME_MALFORMED'],
  ['that is too large', new Uint8Array(257), 'NETWORK_FRAME_TOO_LARGE'],
])('a hello %s is answered with the reason', async (_name, content, code) => {
  const node = await victim()
  const raw = await connectRaw(node.port, peer)
  raw.sendFrame('hello', content)
  await raw.closed
  expect(raw.received().toString('latin1')).toContain(code)
  expect(countOf(node, code)).toBe(1)
  expect(neverUp(node)).toBe(true)
})

test.each([
  [
    'a message before the hello',
    [],
    Buffer.concat([frameHeader('message', hello.length), hello]),
    'NETWORK_FRAME_MALFORMED',
  ],
  ['a second hello', [hello], Buffer.concat([frameHeader('hello', hello.length), hello]), 'NETWORK_FRAME_MALFORMED'],
  ['a frame of no known kind', [hello], Uint8Array.of(1, 0, 0, 0, 99), 'NETWORK_FRAME_MALFORMED'],
  ['a frame of length 0', [hello], Uint8Array.of(0, 0, 0, 0, 2), 'NETWORK_FRAME_MALFORMED'],
  [
    'a sign of life without a time',
    [hello],
    Buffer.concat([frameHeader('alive', 1), Buffer.alloc(1)]),
    'NETWORK_FRAME_MALFORMED',
  ],
  ['a frame above the limit', [hello], frameHeader('message', 100_001), 'NETWORK_FRAME_TOO_LARGE'],
  ['a frame of four gigabytes', [hello], Uint8Array.of(255, 255, 255, 255, 2), 'NETWORK_FRAME_TOO_LARGE'],
  ['random bytes', [hello], Buffer.from('f00dfeedcafe'.repeat(500), 'hex'), 'NETWORK_FRAME_MALFORMED'],
])('%s ends the connection, without a message delivered', async (_name, before, bytes, code) => {
  const node = await victim()
  const got: Uint8Array[] = []
  node.network.onMessage('consensus', (_peer, message) => got.push(message))
  const raw = await connectRaw(node.port, peer)
  for (const content of before) raw.sendFrame('hello', content)
  raw.socket.write(bytes)
  await raw.closed
  expect(countOf(node, code)).toBe(1)
  expect(got).toEqual([])
  await expectServing(node)
})

test('a peer that floods gets its turn and no more, and is read on', async () => {
  const node = await victim({ limits: { busyMsMax: 5, turnMs: 50 } })
  const got: number[] = []
  node.network.onMessage('consensus', (_peer, message) => {
    got.push(message[0]!)
    const end = performance.now() + 2
    while (performance.now() < end);
  })
  const raw = await connectRaw(node.port, peer)
  raw.sendFrame('hello', hello)
  for (let i = 0; i < 40; i++) raw.sendFrame('message', Uint8Array.of(i))
  await until('all of it', () => got.length === 40)
  expect(got).toEqual(Array.from({ length: 40 }, (_, i) => i))
  const heldBack = node.network.stats().consensus_held_back!
  expect(heldBack).toBeGreaterThanOrEqual(5)
  expect(heldBack).toBeLessThanOrEqual(40)
  await expectServing(node)
})

test('a peer that falls silent is given up', async () => {
  const node = await victim({ limits: { silenceMsMax: 300 } })
  const raw = await connectRaw(node.port, peer)
  raw.sendFrame('hello', hello)
  await until('the connection', () => node.network.connected('consensus').length === 1)
  await raw.closed
  expect(countOf(node, 'NETWORK_SILENT')).toBe(1)
  expect(node.network.connected('consensus')).toEqual([])
})

test('the newer of two connections that the same peer made replaces the older', async () => {
  const node = await victim()
  const older = await connectRaw(node.port, peer)
  older.sendFrame('hello', hello)
  await until('the first', () => node.network.connected('consensus').length === 1)
  const newer = await connectRaw(node.port, peer)
  newer.sendFrame('hello', hello)
  await older.closed
  expect(older.received().toString('latin1')).toContain('NETWORK_DUPLICATE')
  expect(node.network.connected('consensus')).toHaveLength(1)
  expect(node.network.peerStats().flatMap(({ channels }) => channels.consensus!.connections)).toEqual([2, 0])
})

test('a session that was resumed is refused', async () => {
  const node = await victim()
  const first = await connectRaw(node.port, peer)
  const session = new Promise<Buffer>((resolve) => first.socket.once('session', resolve))
  first.sendFrame('hello', hello)
  const again = await connectRaw(node.port, peer, { session: await session })
  expect(again.socket.isSessionReused()).toBe(true)
  again.sendFrame('hello', hello)
  await again.closed
  expect(countOf(node, 'NETWORK_HANDSHAKE_FAILED')).toBe(1)
  expect(again.received()).toHaveLength(0)
})

test.each([
  ['a stranger', stranger],
  ['another peer', other],
])('a dialled address where %s answers is not that peer', async (_name, seed) => {
  const server = createServer({ ...tlsSettings(createIdentity(seed)), requestCert: true }, (socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => received.push(chunk))
  })
  const received: Buffer[] = []
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const node = await startNode(own, [
    { seed: peer, port },
    { seed: other, port: nowhere },
  ])
  await until('the refusal', () => countOf(node, 'NETWORK_UNKNOWN_KEY') > 2)
  expect(neverUp(node)).toBe(true)
  expect(Buffer.concat(received)).toHaveLength(0)
})
