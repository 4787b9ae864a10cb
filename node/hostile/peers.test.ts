import { randomBytes } from 'node:crypto'
import { createClient } from '@tallystick/client'
import { encode } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import type { BatchDigest } from '@tallystick/core/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DataMessage, dataMessage } from '../mempool/messages.ts'
import { frameHeader } from '../network/frames.ts'
import type { RawPeer } from '../network/testing/test-network.ts'
import { hostileBatch } from './testing/hostile-batch.ts'
import { type StolenKeys, stealKeys } from './testing/hostile-peer.ts'
import { createPayer, type Payer } from './testing/payer.ts'
import { isBuilt, memoryMib, metric, startValidators, until, type Validators } from './testing/validators.ts'

const hostile = 3
const honest = [0, 1, 2]
/** In MiB, for each of the honest validators. */
const growthMax = 400
const digest = (): BatchDigest => new Uint8Array(randomBytes(32)) as BatchDigest

describe.skipIf(!isBuilt || process.platform !== 'linux')('a validator whose keys are in hostile hands', () => {
  let validators: Validators
  let payer: Payer
  let keys: StolenKeys
  let memoryBefore: number[] = []
  const victim = (index: number) => validators.running[index]!
  const ended = (index: number, code: string): Promise<number> =>
    metric(victim(index), `tallystick_peer_disconnects_total{code="${code}"}`)
  const memory = (): Promise<number[]> => Promise.all(honest.map((index) => memoryMib(victim(index).pid)))

  beforeAll(async () => {
    validators = await startValidators()
    payer = await createPayer(validators, honest)
    await victim(hostile).kill()
    validators.running[hostile] = undefined
    keys = await stealKeys(validators.network, hostile)
    memoryBefore = await memory()
  }, 60_000)
  afterAll(() => validators?.close(), 30_000)

  /** Connects as soon as the victim lets the peer in again. */
  async function connect(index: number, channel: 'consensus' | 'data'): Promise<RawPeer> {
    const name = `tallystick_network_total{what="${channel}_connected"}`
    let raw = await keys.connect(index, channel)
    await until(`${channel} to ${index}`, async () => {
      if ((await metric(victim(index), name)) === honest.length) return true
      if (raw.socket.destroyed) raw = await keys.connect(index, channel)
      return false
    })
    return raw
  }

  const tell = (raw: RawPeer, message: DataMessage): void => raw.sendFrame('message', encode(dataMessage, message))

  async function expectUnharmed(): Promise<void> {
    await payer.pay()
    const growth = (await memory()).map((now, i) => Math.round(now - memoryBefore[i]!))
    console.log(`memory grew by ${growth.join(', ')} MiB`)
    for (const each of growth) expect(each).toBeLessThan(growthMax)
  }

  test.each([
    ['a frame of four gigabytes', 0, 'consensus', Uint8Array.of(255, 255, 255, 255, 2), 'NETWORK_FRAME_TOO_LARGE'],
    ['a frame of no known kind', 1, 'data', Uint8Array.of(1, 0, 0, 0, 99), 'NETWORK_FRAME_MALFORMED'],
    ['garbage', 2, 'data', Buffer.from('f00dfeedcafe'.repeat(500), 'hex'), 'NETWORK_FRAME_MALFORMED'],
  ] as const)(
    '%s ends its connection',
    async (_, index, channel, bytes, code) => {
      const raw = await connect(index, channel)
      raw.socket.write(bytes)
      await raw.closed
      expect(await ended(index, code)).toBe(1)
      expect(victim(index).log()).toMatch(new RegExp(`peer node-4: ${channel} disconnected \\(${code}\\)`))
      await expectUnharmed()
    },
    60_000,
  )

  test.each([
    ['consensus', 0, 'CONSENSUS_MESSAGE_MALFORMED'],
    ['data', 1, 'DATA_MESSAGE_MALFORMED'],
  ] as const)(
    'a frame that holds no message of the %s channel has the peer refused for a while',
    async (channel, index, code) => {
      const raw = await connect(index, channel)
      raw.sendFrame('message', randomBytes(1_000).fill(0xee, 0, 4))
      await raw.closed
      expect(await ended(index, code)).toBeGreaterThanOrEqual(1)
      expect(victim(index).log()).toContain(`peer node-4: disconnected and refused for a while (${code})`)
      const again = await keys.connect(index, channel)
      await again.closed
      expect(await ended(index, 'NETWORK_REFUSED')).toBeGreaterThanOrEqual(1)
      await expectUnharmed()
    },
    60_000,
  )

  test('batches that nobody signed, a flood of them, are refused without piling up', async () => {
    const raw = await connect(2, 'data')
    const contents = Array.from({ length: 4_000 }, () => randomBytes(1_000))
    for (let sequence = 0; sequence < 64 && !raw.socket.destroyed; sequence++) {
      tell(raw, { kind: 'batch', encoded: hostileBatch(keys.home, sequence, contents, () => new Uint8Array(64)) })
      await new Promise((resolve) => setImmediate(resolve))
    }
    await raw.closed
    const refused = (await ended(2, 'BATCH_BAD_SIGNATURE')) + (await ended(2, 'BATCH_MALFORMED'))
    expect(refused).toBeGreaterThanOrEqual(1)
    expect(victim(2).log()).toMatch(
      /peer node-4: disconnected and refused for a while \(BATCH_(BAD_SIGNATURE|MALFORMED)\)/,
    )
    await expectUnharmed()
  }, 60_000)

  test('a batch that it signed around a bad transaction counts against it, and nobody proposes it', async () => {
    const raw = await connect(0, 'data')
    const sign = (message: Uint8Array): Uint8Array => signEd25519(message, keys.home.nodeKey.seed)
    tell(raw, { kind: 'batch', encoded: hostileBatch(keys.home, 1, [randomBytes(300)], sign) })
    await until(
      'the refusal',
      async () => (await metric(victim(0), 'tallystick_mempool_total{what="batchesRefused"}')) > 0,
    )
    await expectUnharmed()
  }, 60_000)

  test('endless questions and announcements get their turn and no more: the others go on', async () => {
    const raws = await Promise.all(honest.map((index) => connect(index, 'data')))
    let flooding = true
    const digests = Array.from({ length: 1_000 }, digest)
    const wants = [1, 2, 3, 4, 5].map((height): DataMessage => ({ kind: 'want', digests: digests.slice(0, 1), height }))
    const messages: DataMessage[] = [...wants, { kind: 'announce', digests }, { kind: 'have', digests }]
    const frames = messages.map((message) => {
      const content = encode(dataMessage, message)
      return Buffer.concat([frameHeader('message', content.length), content])
    })
    const piece = Buffer.concat(Array.from({ length: 10 }, () => frames).flat())
    const flood = raws.map(async ({ socket, closed }) => {
      while (flooding && !socket.destroyed) {
        const taken = socket.write(piece)
        await Promise.race([new Promise((done) => (taken ? setImmediate(done) : socket.once('drain', done))), closed])
      }
    })
    try {
      for (let i = 0; i < 3; i++) await payer.pay()
    } finally {
      flooding = false
    }
    for (const { socket } of raws) socket.destroy()
    await Promise.all(flood)
    for (const index of honest) {
      expect(await metric(victim(index), 'tallystick_network_total{what="data_held_back"}')).toBeGreaterThan(0)
    }
    await expectUnharmed()
  }, 90_000)

  test('batches that it lists in its proposals and gives to nobody hold up nobody for long', async () => {
    await validators.start(hostile, 'withholding')
    const urls = [validators.running[hostile]!.apiUrl]
    const toHostile = createClient({ nodes: urls, genesis: validators.genesisText })
    await payer.pay()
    const hidden = await payer.transfer()
    await toHostile.submit(hidden)
    for (let i = 0; i < 4; i++) await payer.pay()
    for (const index of honest) {
      expect(await metric(victim(index), 'tallystick_mempool_missing_batches')).toBeLessThanOrEqual(64)
    }
    expect(await metric(victim(0), 'tallystick_consensus_views_timed_out')).toBeGreaterThan(0)
    await expectUnharmed()
  }, 120_000)
})
