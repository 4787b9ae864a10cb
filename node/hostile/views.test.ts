import { Agent, request } from 'node:http'
import { toHex } from '@tallystick/core/codec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

const attackMs = 6_000
const growthMax = 300

describe.skipIf(!isBuilt || process.platform !== 'linux')('hostile callers of views', () => {
  let validators: Validators
  let payer: Payer
  let victim: Validator
  let path = ''

  beforeAll(async () => {
    validators = await startValidators()
    victim = validators.running[0]!
    payer = await createPayer(validators, [0])
    path = `/v1/contracts/${toHex(await payer.deploy())}/views/ask`
  }, 60_000)
  afterAll(() => validators?.close(), 30_000)

  /** One call from an address of its own. @returns the status, 0 if the connection ended. */
  function call(localAddress: string, agent: Agent, body: string): Promise<number> {
    return new Promise((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const asked = request(victim.apiUrl + path, { method: 'POST', agent, localAddress, headers }, (answer) => {
        answer.resume()
        answer.once('close', () => resolve(answer.statusCode ?? 0))
      })
      asked.once('error', () => resolve(0))
      asked.end(body)
    })
  }

  test('views without end from many addresses: payments are proven meanwhile, and all are told why', async () => {
    const memoryBefore = await memoryMib(victim.pid)
    const endMs = Date.now() + attackMs
    const statuses = new Map<number, number>()
    const attackers = Array.from({ length: 64 }, async (_, i) => {
      const agent = new Agent({ keepAlive: true })
      while (Date.now() < endMs) {
        const status = await call(`127.0.0.${2 + (i % 16)}`, agent, '["!loop"]')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      agent.destroy()
    })
    let paid = 0
    while (Date.now() < endMs) {
      await payer.pay()
      paid++
    }
    await Promise.all(attackers)
    // Most calls find no place; those that do are ended by their fuel.
    expect([...statuses.keys()].sort()).toEqual([422, 429])
    expect(paid).toBeGreaterThan(1)
    expect((await memoryMib(victim.pid)) - memoryBefore).toBeLessThan(growthMax)
    await until('no view waits', async () => (await metric(victim, 'tallystick_api_views_waiting')) === 0)
    expect(await metric(victim, 'tallystick_api_refusals_total{code="API_TOO_MANY_VIEWS"}')).toBeGreaterThan(0)
    expect(victim.log()).not.toContain('fault in')
  }, 60_000)

  test('inputs that are large, deep or not JSON are refused before anything runs', async () => {
    const agent = new Agent({ keepAlive: true })
    const bodies: [string, number][] = [
      [`[${'"x",'.repeat(30_000)}"x"]`, 413],
      ['['.repeat(32_000) + ']'.repeat(32_000), 400],
      ['{"__proto__":{}}', 400],
      ['', 400],
      ['["\\ud800"]', 422],
      ['1e999', 422],
    ]
    for (const [body, status] of bodies)
      expect([body.slice(0, 20), await call('127.0.0.9', agent, body)]).toEqual([body.slice(0, 20), status])
    agent.destroy()
    await payer.pay()
    expect(victim.log()).not.toContain('fault in')
  }, 60_000)
})
