import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createPeerNetwork } from './index.ts'
import {
  channels,
  keyOfSeed,
  ledger,
  nowhere,
  seedsInOrder,
  startNode,
  type TestNode,
  until,
} from './testing/test-network.ts'

const [low, high] = seedsInOrder(2) as [Uint8Array, Uint8Array]

/** Two nodes of which only the first can reach the other. */
async function startPair(changes: Parameters<typeof startNode>[2] = {}): Promise<[TestNode, TestNode]> {
  const second = await startNode(high, [{ seed: low, port: nowhere }], changes)
  const first = await startNode(low, [{ seed: high, port: second.network.address.port }], changes)
  return [first, second]
}

const isUp = (node: TestNode, peers = 1): boolean =>
  channels.every(({ name }) => node.network.connected(name).length === peers)

async function connected(...nodes: TestNode[]): Promise<void> {
  await until('all nodes see each other', () => nodes.every((node) => isUp(node, nodes.length - 1)))
}

const numbered = (n: number, bytes = 4): Uint8Array => {
  const message = new Uint8Array(bytes)
  new DataView(message.buffer).setUint32(0, n)
  return message
}
const numberOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getUint32(0)

test('messages arrive on their channel, from their sender, in order, once', async () => {
  const [first, second] = await startPair()
  const got: [string, number, number][] = []
  second.network.onMessage('consensus', (peer, message) => got.push([peer, 0, numberOf(message)]))
  second.network.onMessage('data', (peer, message) => got.push([peer, 1, numberOf(message)]))
  await connected(first, second)
  for (let i = 0; i < 2_000; i++) {
    expect(first.network.send(second.key, 'consensus', numbered(i, 4 + (i % 90)))).toBe(true)
    expect(first.network.send(second.key, 'data', numbered(i, 4 + (i % 900)))).toBe(true)
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until('all messages', () => got.length === 4_000)
  const expected = Array.from({ length: 2_000 }, (_, i) => i)
  expect(got.filter(([, channel]) => channel === 0).map(([, , n]) => n)).toEqual(expected)
  expect(got.filter(([, channel]) => channel === 1).map(([, , n]) => n)).toEqual(expected)
  expect(new Set(got.map(([peer]) => peer))).toEqual(new Set([first.key]))
})

test('a message may be as large as the limit, or empty, and not larger', async () => {
  const [first, second] = await startPair()
  const sizes: number[] = []
  first.network.onMessage('data', (_peer, message) => sizes.push(message.length))
  await connected(first, second)
  second.network.send(first.key, 'data', new Uint8Array(1_000_000))
  second.network.send(first.key, 'data', new Uint8Array(0))
  await until('both messages', () => sizes.length === 2)
  expect(sizes).toEqual([1_000_000, 0])
  expect(() => second.network.send(first.key, 'data', new Uint8Array(1_000_001))).toThrow(RangeError)
})

test('what is sent to a peer that is not connected is not sent', async () => {
  const first = await startNode(low, [{ seed: high, port: nowhere }])
  expect(first.network.send(keyOfSeed(high), 'consensus', numbered(1))).toBe(false)
})

test('four nodes form a mesh, and a broadcast reaches the other three', async () => {
  const seeds = seedsInOrder(4)
  const nodes: TestNode[] = []
  for (const seed of seeds.toReversed()) {
    const others = seeds.filter((other) => other !== seed)
    const portOf = (peer: Uint8Array): number =>
      nodes.find(({ key }) => key === keyOfSeed(peer))?.network.address.port ?? nowhere
    nodes.push(
      await startNode(
        seed,
        others.map((peer) => ({ seed: peer, port: portOf(peer) })),
      ),
    )
  }
  await connected(...nodes)
  const got: string[] = []
  for (const { network, key } of nodes) network.onMessage('consensus', (from) => got.push(`${from}>${key}`))
  for (const { network } of nodes) network.broadcast('consensus', numbered(1))
  await until('all broadcasts', () => got.length >= 12)
  expect(new Set(got).size).toBe(12)
})

test('when both dial at once, both keep the same one connection a channel', async () => {
  for (let round = 0; round < 8; round++) {
    const portOf = async (): Promise<number> => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      await new Promise((resolve) => server.close(resolve))
      return port
    }
    const ports = [await portOf(), await portOf()] as const
    // Without a turn both dial in the same moment, and again whenever a connection is lost.
    const limits = { dialTurnMs: 0 }
    const listen = (port: number) => ({ host: '127.0.0.1', port })
    const [first, second] = await Promise.all([
      startNode(low, [{ seed: high, port: ports[1] }], { limits, listen: listen(ports[0]) }),
      startNode(high, [{ seed: low, port: ports[0] }], { limits, listen: listen(ports[1]) }),
    ])
    const got: string[] = []
    first.network.onMessage('consensus', () => got.push('first'))
    second.network.onMessage('consensus', () => got.push('second'))
    await until('the two agree', () => {
      if (!isUp(first) || !isUp(second)) return false
      const open = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
      return open === 2 * channels.length
    })
    first.network.send(second.key, 'consensus', numbered(1))
    second.network.send(first.key, 'consensus', numbered(1))
    await until('a message each way', () => got.length === 2)
    await Promise.all([first.network.stop(), second.network.stop()])
    await until('all closed', () => !process.getActiveResourcesInfo().includes('TCPSocketWrap'))
  }
})

test('the side with the larger key dials too if only it can', async () => {
  const first = await startNode(low, [{ seed: high, port: nowhere }])
  const second = await startNode(high, [{ seed: low, port: first.network.address.port }])
  await connected(first, second)
})

test('a peer that was restarted is connected again, and its going and coming is told', async () => {
  const [first, second] = await startPair()
  await connected(first, second)
  const states: string[] = []
  first.network.onPeer((_peer, channel, state) => states.push(`${channel} ${state}`))
  const { port } = second.network.address
  await second.network.stop()
  await until(
    'both channels down',
    () => first.network.connected('consensus').length + first.network.connected('data').length === 0,
  )
  const again = await startNode(high, [{ seed: low, port: nowhere }], { listen: { host: '127.0.0.1', port } })
  await connected(first, again)
  expect(states.filter((state) => state.startsWith('consensus'))).toEqual([
    'consensus disconnected',
    'consensus connected',
  ])
  expect(states.filter((state) => state.startsWith('data'))).toEqual(['data disconnected', 'data connected'])
})

test('a paused channel holds the sender back within its bound, loses nothing that was taken, and lives on', async () => {
  const [first, second] = await startPair({ limits: { silenceMsMax: 300 } })
  await connected(first, second)
  const got: number[] = []
  second.network.onMessage('data', (_peer, message) => got.push(numberOf(message)))
  second.network.pause(first.key, 'data')
  const limit = channels[1]!.queueBytesMax
  let taken = 0
  for (let refused = 0; refused < 50; ) {
    if (first.network.send(second.key, 'data', numbered(taken, 100_000))) taken++
    else refused++
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(first.network.stats().data_queued_bytes).toBeLessThanOrEqual(limit)
  }
  expect(first.network.stats().data_dropped).toBe(50)
  expect(got.length).toBeLessThanOrEqual(1)
  // Longer than silence is borne; votes go on meanwhile.
  const votes: number[] = []
  second.network.onMessage('consensus', (_peer, message) => votes.push(numberOf(message)))
  first.network.send(second.key, 'consensus', numbered(1))
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(votes).toEqual([1])
  second.network.resume(first.key, 'data')
  await until('everything that was taken', () => got.length === taken)
  expect(got).toEqual(Array.from({ length: taken }, (_, i) => i))
  expect(first.network.stats().data_connections).toBe(1)
})

test('pausing inside a listener stops the very next message', async () => {
  const [first, second] = await startPair()
  await connected(first, second)
  const got: number[] = []
  second.network.onMessage('data', (peer, message) => {
    got.push(numberOf(message))
    second.network.pause(peer, 'data')
  })
  for (let i = 0; i < 5; i++) first.network.send(second.key, 'data', numbered(i))
  for (let i = 1; i <= 5; i++) {
    await until(`message ${i}`, () => got.length >= i)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(got).toHaveLength(i)
    second.network.resume(first.key, 'data')
  }
  expect(got).toEqual([0, 1, 2, 3, 4])
})

test('a channel that may not stall loses a peer that takes nothing', async () => {
  const strict = channels.map((channel) => ({ ...channel, stalledMsMax: 200 }))
  const [first, second] = await startPair({ channels: strict })
  await connected(first, second)
  second.network.pause(first.key, 'consensus')
  while (first.network.send(second.key, 'consensus', new Uint8Array(100_000)))
    await new Promise((resolve) => setTimeout(resolve, 2))
  await until('the disconnection', () => first.network.stats().disconnects_NETWORK_STALLED === 1)
})

test('a peer that was disconnected is refused for a while, on all channels, and then let in', async () => {
  const [first, second] = await startPair()
  await connected(first, second)
  second.network.disconnect(first.key, 'a wrong certificate of view 7')
  expect([second.network.connected('consensus'), second.network.connected('data')]).toEqual([[], []])
  await until('a refusal', () => second.network.stats().disconnects_NETWORK_REFUSED! > 0)
  expect(second.network.stats().disconnects_PEER_MISBEHAVED).toBe(2)
  // What a peer could choose is in the log alone, so that nobody makes this node count without end.
  expect(Object.keys(second.network.stats()).join()).not.toContain('view')
  expect(second.log.join('\n')).toContain('(PEER_MISBEHAVED: a wrong certificate of view 7)')
  expect(first.network.stats().disconnects_PEER_MISBEHAVED).toBe(2)
  await connected(first, second)
})

test('a port in use is a coded error', async () => {
  const first = await startNode(low, [])
  const { address } = first.network
  const second = createPeerNetwork({ ledger, nodeKeySeed: high, nodeVersion: '0', listen: address, peers: [] })
  await expect(second.start()).rejects.toMatchObject({ code: 'NETWORK_PORT_IN_USE' })
  await second.stop()
})

test('an address that is not of this machine is a coded error', async () => {
  const listen = { host: '192.0.2.1', port: 0 }
  const network = createPeerNetwork({ ledger, nodeKeySeed: low, nodeVersion: '0', listen, peers: [] })
  await expect(network.start()).rejects.toMatchObject({ code: 'NETWORK_ADDRESS_UNKNOWN' })
})

test('what is counted is what was sent', async () => {
  const [first, second] = await startPair()
  await connected(first, second)
  for (let i = 0; i < 10; i++) first.network.send(second.key, 'consensus', new Uint8Array(1_000))
  await until('all ten', () => second.network.stats().consensus_messages_in === 10)
  const [peer] = first.network.peerStats()
  expect(peer).toMatchObject({
    key: second.key,
    channels: { consensus: { messagesOut: 10, connected: true, dropped: 0 } },
  })
  expect(first.network.stats().consensus_bytes_out).toBeGreaterThan(10_000)
  expect(second.network.stats().consensus_bytes_in).toBeGreaterThan(10_000)
})
