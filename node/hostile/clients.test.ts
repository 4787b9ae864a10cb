import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { encode } from '@tallystick/core/codec'
import { transaction } from '@tallystick/core/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPayer, type Payer } from './testing/payer.ts'
import { answerOf, head, rawClient } from './testing/raw-client.ts'
import {
  isBuilt,
  memoryMib,
  metric,
  startValidators,
  until,
  type Validator,
  type Validators,
} from './testing/validators.ts'

const limits = { headerTimeoutMs: 2_000, requestTimeoutMs: 3_000, streamStallMs: 2_000, requestsPerMinuteMax: 3_000 }
/** How much the memory of the attacked node may have grown after each attack, in MiB. */
const growthMax = 400
const mib = 1_048_576
const octets = 'content-type: application/octet-stream'

describe.skipIf(!isBuilt || process.platform !== 'linux')('hostile clients', () => {
  let validators: Validators
  let payer: Payer
  let victim: Validator
  let memoryBefore = 0
  const refused = (code: string): Promise<number> => metric(victim, `tallystick_api_refusals_total{code="${code}"}`)

  beforeAll(async () => {
    validators = await startValidators(limits)
    victim = validators.running[0]!
    payer = await createPayer(validators, [0, 1, 2, 3])
    memoryBefore = await memoryMib(victim.pid)
  }, 60_000)
  afterAll(() => validators?.close(), 30_000)

  /** The attacked node answers, the network goes on, and memory is as it was. */
  async function expectUnharmed(): Promise<void> {
    expect((await fetch(`${victim.apiUrl}/readyz`)).status).toBe(200)
    await payer.pay()
    expect((await memoryMib(victim.pid)) - memoryBefore).toBeLessThan(growthMax)
    expect(victim.log()).not.toContain('fault in')
  }

  test('bytes that are no HTTP are answered with a code and closed', async () => {
    const garbage: [string | Uint8Array, string][] = [
      ['EHLO example.org\r\n\r\n', '400 API_BAD_HTTP'],
      ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.repeat(20), '400 API_BAD_HTTP'],
      [randomBytes(100_000).fill(0xff, 0, 1), '400 API_BAD_HTTP'],
      ['GET / HTTP/9.9\r\n\r\n', '400 API_BAD_HTTP'],
      [head('POST /v1/transactions', 'content-length: 5', 'transfer-encoding: chunked'), '400 API_BAD_HTTP'],
      [head('POST /v1/transactions', 'content-length: -5'), '400 API_BAD_HTTP'],
      [`${head('POST /v1/transactions', 'transfer-encoding: chunked')}zz\r\n`, '400 API_BAD_HTTP'],
      [head('GET /', `x: ${'y'.repeat(40_000)}`), '431 API_HEADERS_TOO_LARGE'],
      [`GET /${'y'.repeat(100_000)} HTTP/1.1\r\n\r\n`, '431 API_HEADERS_TOO_LARGE'],
    ]
    for (const [bytes, answer] of garbage) {
      expect(answerOf(await rawClient(victim.apiUrl, '127.0.0.2', bytes).closed)).toBe(answer)
    }
    expect(await refused('API_BAD_HTTP')).toBeGreaterThanOrEqual(7)
    expect(await refused('API_HEADERS_TOO_LARGE')).toBe(2)
    expect(victim.log()).toMatch(/refused API_BAD_HTTP \(127\.0\.0\.2\)/)
    await expectUnharmed()
  }, 30_000)

  test('bodies of garbage are refused by code, whatever they say they are', async () => {
    const types = ['application/json', 'application/octet-stream', 'text/plain', 'multipart/form-data; boundary=x', '']
    const paths = ['/v1/transactions', '/v1/transactions/batch', '/v1/receipts/proofs', '/v1/state/proofs']
    const seed = randomBytes(4).readUInt32LE()
    let state = seed
    const byte = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    }
    const random = Uint8Array.from({ length: 5_000 }, byte)
    const bodies = [
      random,
      new Uint8Array(1_000),
      new Uint8Array(1_000).fill(0xff),
      Buffer.from('['.repeat(mib)),
      Buffer.from('{"a":'.repeat(200_000)),
      Buffer.from(`{"body":${'[0],'.repeat(1_000)}`),
      Buffer.from(`{"body":{"groups":[${'0,'.repeat(100_000)}0]},"witness":[]}`),
      Buffer.from('{"__proto__":{"constructor":1}}'),
      Buffer.from('"\ud800"'),
      Buffer.from('null'),
    ]
    for (const path of paths) {
      for (const type of types) {
        for (const [i, body] of bodies.entries()) {
          const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
          const answer = await fetch(victim.apiUrl + path, { method: 'POST', body, headers })
          const problem = (await answer.json()) as { code: string }
          const which = `body ${i} of ${type} to ${path}, seed ${seed}: ${answer.status} ${problem.code}`
          expect(which).toMatch(
            /: 4\d\d (API_BODY_MALFORMED|API_INVALID_REQUEST|API_MEDIA_TYPE_UNSUPPORTED|TX_TOO_LARGE)$/,
          )
        }
      }
    }
    await expectUnharmed()
  }, 60_000)

  test('a body above the limit is refused as soon as that is known, and not read on', async () => {
    const declared = rawClient(victim.apiUrl, '127.0.0.2')
    declared.socket.write(head('POST /v1/transactions', octets, 'content-length: 10000000000'))
    expect(answerOf(await declared.closed)).toBe('413 API_BODY_TOO_LARGE')

    const chunked = rawClient(victim.apiUrl, '127.0.0.2')
    chunked.socket.write(head('POST /v1/transactions', octets, 'transfer-encoding: chunked'))
    const piece = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')])
    let sent = 0
    const pump = (): void => {
      while (!chunked.socket.destroyed && sent < 1_024 * mib) {
        sent += piece.length
        if (!chunked.socket.write(piece)) return void chunked.socket.once('drain', pump)
      }
    }
    pump()
    await chunked.closed
    // The connection may break before its answer is read: the count tells that it was given.
    expect(await refused('API_BODY_TOO_LARGE')).toBe(2)
    expect(sent).toBeLessThan(64 * mib)
    await expectUnharmed()
  }, 30_000)

  test('half a request that stalls, or that drips, is cut at its time limit', async () => {
    const silent = rawClient(victim.apiUrl, '127.0.0.2')
    const line = rawClient(victim.apiUrl, '127.0.0.2', 'GET /v1/status HTTP/1.1\r\nhost: loc')
    const body = rawClient(
      victim.apiUrl,
      '127.0.0.2',
      `${head('POST /v1/transactions', octets, 'content-length: 100')}x`,
    )
    const drips = [
      rawClient(victim.apiUrl, '127.0.0.2', 'GET /v1/status HTTP/1.1\r\nhost: localhost\r\n'),
      rawClient(victim.apiUrl, '127.0.0.2', head('POST /v1/transactions', octets, 'content-length: 100000')),
    ]
    const dripping = setInterval(() => {
      for (const [i, { socket }] of drips.entries()) if (socket.writable) socket.write(i === 0 ? 'x: y\r\n' : 'x')
    }, 100)
    const answers = await Promise.all([silent, line, body, ...drips].map(({ closed }) => closed))
    clearInterval(dripping)
    expect(answers.slice(1).map(answerOf)).toEqual(Array(4).fill('408 API_REQUEST_TIMEOUT'))
    expect(await refused('API_REQUEST_TIMEOUT')).toBeGreaterThanOrEqual(4)
    await expectUnharmed()
  }, 30_000)

  test('bodies that never end and answers that are never read do not add up in memory', async () => {
    const half = `${head('POST /v1/transactions', octets, `content-length: ${7 * mib}`)}`
    const filler = Buffer.alloc(2 * mib)
    const bodies = Array.from({ length: 200 }, (_, i) => {
      const client = rawClient(victim.apiUrl, `127.0.0.${10 + (i % 5)}`, half)
      client.socket.write(filler)
      return client
    })
    const unread = Array.from({ length: 100 }, (_, i) => {
      const client = rawClient(victim.apiUrl, `127.0.0.${20 + (i % 5)}`, head('GET /openapi.json').repeat(8))
      client.socket.pause()
      return client
    })
    await until('the oldest are cut', async () => (await refused('API_BUFFER_FULL')) >= 10)
    expect(await metric(victim, 'tallystick_api_in_flight_bytes')).toBeLessThanOrEqual(96 * mib)
    console.log(`bodies and answers: memory grew by ${((await memoryMib(victim.pid)) - memoryBefore).toFixed(0)} MiB`)
    expect((await memoryMib(victim.pid)) - memoryBefore).toBeLessThan(growthMax)
    await payer.pay()
    for (const { socket } of [...bodies, ...unread]) socket.destroy()
    await until('nothing is left', async () => (await metric(victim, 'tallystick_api_in_flight_bytes')) === 0)
    expect(victim.log()).toMatch(/refused API_BUFFER_FULL/)
    const pipelined = rawClient(victim.apiUrl, '127.0.0.30', head('GET /openapi.json').repeat(10_000))
    await pipelined.closed
    expect(await refused('PIPELINE_TOO_LONG')).toBe(1)
  }, 60_000)

  test('a flood from one address gets 429 with Retry-After; others are served', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 32, localAddress: '127.0.0.50' })
    const { hostname, port } = new URL(victim.apiUrl)
    const ask = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = request({ hostname, port, path: '/v1/status', agent }, (response) => {
          response
            .resume()
            .once('end', () => resolve(`${response.statusCode} ${Number(response.headers['retry-after']) > 0}`))
        })
        sent.once('error', reject).end()
      })
    const answers = new Map<string, number>()
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let i = 0; i < 110; i++) {
          const answer = await ask()
          answers.set(answer, (answers.get(answer) ?? 0) + 1)
        }
      }),
    )
    agent.destroy()
    expect([...answers.keys()].sort()).toEqual(['200 false', '429 true'])
    // A new minute may have begun within the flood.
    expect(answers.get('429 true')).toBeGreaterThan(0)
    expect(await refused('API_RATE_LIMITED')).toBe(answers.get('429 true'))
    await expectUnharmed()
  }, 60_000)

  test('transactions that have expired or are valid for too long are refused by code', async () => {
    const codeOf = async (validForMs: number): Promise<string> => {
      const body = encode(transaction, await payer.transfer(validForMs))
      const headers = { 'content-type': 'application/octet-stream' }
      const answer = await fetch(`${victim.apiUrl}/v1/transactions`, { method: 'POST', body, headers })
      return `${answer.status} ${((await answer.json()) as { code?: string }).code}`
    }
    expect(await codeOf(-60_000)).toBe('422 TX_EXPIRED')
    expect(await codeOf(86_400_000)).toBe('422 TX_VALIDITY_TOO_FAR')
    expect(await codeOf(200 * 365 * 86_400_000)).toBe('422 TX_VALIDITY_TOO_FAR')
    expect([await refused('TX_EXPIRED'), await refused('TX_VALIDITY_TOO_FAR')]).toEqual([1, 2])
    await expectUnharmed()
  }, 30_000)

  test('readers of events that take nothing hold nothing, and no more of one address are let in than allowed', async () => {
    const readers = Array.from({ length: 40 }, () => {
      const client = rawClient(victim.apiUrl, '127.0.0.60', head('GET /v1/events?after=0.0'))
      client.socket.pause()
      return client
    })
    await until('the limit of one address', async () => (await refused('API_TOO_MANY_STREAMS')) === 8)
    expect(await metric(victim, 'tallystick_api_streams')).toBe(32)
    for (let i = 0; i < 2; i++) {
      const transfers = await Promise.all(Array.from({ length: 250 }, () => payer.transfer()))
      const outcomes = await payer.client.submitMany(transfers)
      expect(outcomes.filter(({ status }) => status !== 'received')).toEqual([])
    }
    await expectUnharmed()
    for (const { socket } of readers) socket.destroy()
    await until('they are gone', async () => (await metric(victim, 'tallystick_api_streams')) === 0)
  }, 90_000)
})
