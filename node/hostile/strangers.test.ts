import { randomBytes } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { connectRaw } from '../network/testing/test-network.ts'
import { createPayer, type Payer } from './testing/payer.ts'
import {
  isBuilt,
  memoryMib,
  metric,
  startValidators,
  until,
  type Validator,
  type Validators,
} from './testing/validators.ts'

/** In MiB. */
const growthMax = 150
const clientHello = Buffer.from('16030100c8010000c40303', 'hex')

describe.skipIf(!isBuilt || process.platform !== 'linux')('strangers at the port of the peer network', () => {
  let validators: Validators
  let payer: Payer
  let victim: Validator
  let port = 0
  let memoryBefore = 0
  const ended = (code: string): Promise<number> => metric(victim, `tallystick_peer_disconnects_total{code="${code}"}`)
  const connectedPeers = (): Promise<number> => metric(victim, 'tallystick_peers_connected')

  beforeAll(async () => {
    validators = await startValidators()
    payer = await createPayer(validators, [0, 1, 2])
    victim = validators.running[0]!
    port = validators.network.nodes[0]!.peerPort
    memoryBefore = await memoryMib(victim.pid)
  }, 60_000)
  afterAll(() => validators?.close(), 30_000)

  async function expectUnharmed(): Promise<void> {
    await payer.pay()
    expect((await memoryMib(victim.pid)) - memoryBefore).toBeLessThan(growthMax)
  }

  function stranger(from: string, bytes: Uint8Array = new Uint8Array(0)): { socket: Socket; closed: Promise<void> } {
    const socket = connectTcp({ host: '127.0.0.1', port, localAddress: from })
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {}).resume()
    if (bytes.length > 0) socket.write(bytes)
    return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve())) }
  }

  test('a key that is not in the genesis, and no certificate at all, are turned away by name', async () => {
    const seed = new Uint8Array(randomBytes(32))
    await (await connectRaw(port, seed)).closed
    const bare = await connectRaw(port, seed, { cert: undefined as never, key: undefined as never })
    await bare.closed
    expect(await ended('NETWORK_UNKNOWN_KEY')).toBe(2)
    expect(victim.log()).toMatch(/refused a connection from the unknown node key [0-9a-f]{64} \(NETWORK_UNKNOWN_KEY\)/)
    await expectUnharmed()
  }, 60_000)

  test('plain garbage in place of TLS is cut off', async () => {
    const kinds = [Buffer.from('GET / HTTP/1.1\r\n\r\n'), randomBytes(70_000).fill(0, 0, 8), Buffer.alloc(70_000, 0x16)]
    for (let i = 0; i < 60; i++) await stranger('127.0.0.2', kinds[i % kinds.length]).closed
    expect(await ended('NETWORK_HANDSHAKE_FAILED')).toBeGreaterThanOrEqual(40)
    expect(victim.log()).toMatch(/refused NETWORK_HANDSHAKE_FAILED \(127\.0\.0\.2\)/)
    await expectUnharmed()
  }, 60_000)

  test('handshakes that stall, from one address and from forty, keep no validator out', async () => {
    let attacking = true
    const open = new Set<Socket>()
    const attack = (async () => {
      for (let i = 0; attacking; i++) {
        const from = i % 2 === 0 ? '127.0.0.2' : `127.0.1.${1 + (i % 40)}`
        const { socket, closed } = stranger(from, clientHello)
        open.add(socket)
        void closed.then(() => open.delete(socket))
        if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
        if (open.size > 2_000) await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })()
    try {
      await until('the limits', async () => (await ended('NETWORK_TOO_MANY_PENDING')) > 200)
      await validators.running[3]!.kill()
      await until('one is gone', async () => (await connectedPeers()) === 2)
      await payer.pay()
      await validators.start(3)
      await until('it is back', async () => (await connectedPeers()) === 3)
      expect(await metric(victim, 'tallystick_network_total{what="pending_connections"}')).toBeLessThanOrEqual(64)
    } finally {
      attacking = false
      await attack
    }
    for (const socket of open) socket.destroy()
    expect(victim.log()).toMatch(/refused NETWORK_TOO_MANY_PENDING/)
    await expectUnharmed()
  }, 90_000)
})
