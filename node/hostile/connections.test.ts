import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPayer, type Payer } from './testing/payer.ts'
import { type RawClient, rawClient } from './testing/raw-client.ts'
import { isBuilt, memoryMib, metric, startValidators, type Validator, type Validators } from './testing/validators.ts'

/** Opened at a time, below what the system keeps for a listener that is busy. */
const atOnce = 250
const connectionsMax = 1_024
const connectionsPerAddressMax = 512
/** In MiB. */
const growthMax = 150

/** How many connections this process may hold: a tenth of its file descriptors stays free. */
async function affordable(wanted: number): Promise<number> {
  const text = await readFile('/proc/self/limits', 'utf8')
  const open = /^Max open files\s+(\d+)/m.exec(text)?.[1]
  return Math.min(wanted, Math.floor((open === undefined ? 1_024 : Number(open)) * 0.9) - 200)
}

describe.skipIf(!isBuilt || process.platform !== 'linux')('ten thousand open connections', () => {
  let validators: Validators
  let payer: Payer
  let victim: Validator
  let count = 0

  beforeAll(async () => {
    validators = await startValidators()
    victim = validators.running[0]!
    payer = await createPayer(validators, [0, 1, 2, 3])
    count = await affordable(10_000)
    if (count < 10_000) console.log(`ulimit -n allows ${count} connections instead of 10,000`)
  }, 60_000)
  afterAll(() => validators?.close(), 30_000)

  /** Opens all and leaves them idle; the healthy client pays meanwhile. */
  async function attack(addressOf: (i: number) => string): Promise<RawClient[]> {
    const clients: RawClient[] = []
    while (clients.length < count) {
      const opened = Array.from({ length: Math.min(atOnce, count - clients.length) }, (_, i) =>
        rawClient(victim.apiUrl, addressOf(clients.length + i)),
      )
      await Promise.all(
        opened.map(({ socket }) => new Promise((done) => socket.once('connect', done).once('close', done))),
      )
      clients.push(...opened)
      if (clients.length % 2_500 === 0) await payer.pay()
    }
    return clients
  }

  test.each([
    ['one address', () => '127.0.0.2', connectionsPerAddressMax],
    ['forty addresses', (i: number) => `127.0.1.${1 + (i % 40)}`, connectionsMax],
  ])(
    'of %s: those beyond the limit are refused, healthy clients are answered, memory stays',
    async (_, address, kept) => {
      const before = await memoryMib(victim.pid)
      const refusedBefore = await metric(victim, 'tallystick_api_refusals_total{code="API_TOO_MANY_CONNECTIONS"}')
      const clients = await attack(address)
      expect((await fetch(`${victim.apiUrl}/readyz`)).status).toBe(200)
      await payer.pay()
      // Those that waited too long with their first request were cut meanwhile, too.
      const open = await metric(victim, 'tallystick_api_connections')
      expect(open).toBeGreaterThan(0)
      expect(open).toBeLessThanOrEqual(kept + 10)
      const refused = await metric(victim, 'tallystick_api_refusals_total{code="API_TOO_MANY_CONNECTIONS"}')
      expect(refused - refusedBefore).toBeGreaterThanOrEqual(count - connectionsMax - 200)
      expect(victim.log()).toMatch(/refused API_TOO_MANY_CONNECTIONS/)
      const growth = (await memoryMib(victim.pid)) - before
      console.log(
        `${count} connections: ${open} open, ${refused - refusedBefore} refused, memory grew by ${growth.toFixed(0)} MiB`,
      )
      expect(growth).toBeLessThan(growthMax)
      for (const { socket } of clients) socket.destroy()
    },
    60_000,
  )
})
