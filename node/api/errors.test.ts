import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { encode, toHex } from '@tallystick/core/codec'
import { ed25519PublicKey, signEd25519 } from '@tallystick/core/crypto'
import {
  addressOf,
  type LedgerId,
  ledgerOf,
  type MemberId,
  memberIdOf,
  requestCredentialsText,
  signedRequestMessage,
  submission,
  transaction,
} from '@tallystick/core/protocol'
import { afterAll, expect, test } from 'vitest'
import * as chain from '../../client/testing/tiny-chain.ts'
import { type ApiErrorCode, apiErrors } from './errors.ts'
import type { RefusalCode } from './port.ts'
import { ask, postBytes, postJson, runningApi } from './testing/running.ts'

// Every code of the table is reached by a request over a socket, and documented.

const reached = new Set<ApiErrorCode>()
const unknown = '00'.repeat(32)

function expectProblem(answer: Awaited<ReturnType<typeof ask>>, code: ApiErrorCode): void {
  const row = apiErrors[code]
  expect(answer.body).toMatchObject({
    type: `/errors#${code.toLowerCase()}`,
    code,
    status: row.httpStatus,
    title: row.summary,
    action: row.action,
  })
  expect(answer.status).toBe(row.httpStatus)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.text).not.toMatch(/\bat .*\.ts|node_modules/)
  if ('retryAfterSeconds' in row) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  reached.add(code)
}

const logsPath = `/v1/contracts/${toHex(chain.contract)}/logs`

/** A request for the logs that is signed for them, or for something else. */
function signedBy(
  seed: Uint8Array,
  change: { readonly timeMs?: number; readonly ledger?: LedgerId; readonly member?: MemberId } = {},
): RequestInit {
  const { timeMs = Date.now(), ledger = ledgerOf(chain.genesisValue), member = chain.bank } = change
  const signature = signEd25519(signedRequestMessage({ ledger, timeMs, method: 'GET', target: logsPath }), seed)
  const signatures = [{ scheme: 'ed25519', publicKey: ed25519PublicKey(seed), signature } as const]
  return { headers: { authorization: requestCredentialsText({ member, timeMs, signatures }) } }
}

const requests: [ApiErrorCode, string, RequestInit?][] = [
  ['API_INVALID_REQUEST', '/v1/accounts?limit=0'],
  ['API_INVALID_REQUEST', '/v1/accounts?limt=3'],
  ['API_INVALID_REQUEST', '/v1/transactions/xyz'],
  ['API_INVALID_REQUEST', `/v1/transactions/${unknown}?wait=settled`],
  ['API_INVALID_REQUEST', '/v1/blocks/1e400'],
  ['API_INVALID_REQUEST', '/v1/references/search', postJson({ lookups: [] })],
  ['API_INVALID_REQUEST', '/v1/receipts/proofs', postJson({ requests: [{ id: unknown, parts: 'all' }] })],
  ['API_INVALID_REQUEST', '/v1/transactions/batch', postBytes(new Uint8Array(4))],
  ['API_BODY_MALFORMED', '/v1/transactions', { ...postJson(0), body: '{"body":' }],
  ['API_BODY_MALFORMED', '/v1/transactions', { ...postJson(0), body: '' }],
  ['API_BODY_MALFORMED', '/v1/transactions', postJson({ body: {}, witness: [] })],
  ['API_BODY_MALFORMED', '/v1/transactions', postBytes(new Uint8Array(40))],
  ['API_BODY_MALFORMED', '/v1/state/proofs', postJson({ keys: [{ key: { kind: 'account', account: 'zz' } }] })],
  ['API_BODY_MALFORMED', '/v1/transactions', { ...postJson(0), body: '{"__proto__":{"a":1}}' }],
  ['API_ADDRESS_MALFORMED', '/v1/accounts/tallytest1qqqq'],
  ['API_ADDRESS_OF_OTHER_NETWORK', `/v1/accounts/${addressOf(chain.alice, 'live')}`],
  ['API_ROUTE_UNKNOWN', '/v2/status'],
  ['API_TRANSACTION_UNKNOWN', `/v1/transactions/${unknown}/content`],
  ['API_RECEIPT_UNKNOWN', `/v1/receipts/${unknown}`],
  ['API_RECEIPT_UNKNOWN', `/v1/receipts/${unknown}/proof`],
  ['API_ACCOUNT_UNKNOWN', `/v1/accounts/${unknown}`],
  ['API_ASSET_UNKNOWN', `/v1/assets/${unknown}`],
  ['API_MEMBER_UNKNOWN', `/v1/members/${unknown}`],
  ['API_BLOCK_UNKNOWN', '/v1/blocks/99'],
  ['API_CONTRACT_UNKNOWN', `/v1/contracts/${unknown}`],
  ['API_CONTRACT_UNKNOWN', `/v1/contracts/${unknown}/code`],
  ['API_CONTRACT_UNKNOWN', `/v1/contracts/${unknown}/rows`],
  ['API_CONTRACT_UNKNOWN', `/v1/contracts/${unknown}/bookings`],
  ['API_CONTRACT_UNKNOWN', `/v1/contracts/${unknown}/views/total`, postJson({})],
  ['API_CODE_UNKNOWN', `/v1/codes/${unknown}`],
  ['API_VIEW_UNKNOWN', `/v1/contracts/${toHex(chain.contract)}/views/sum`, postJson({})],
  ['API_VIEW_INPUT_INVALID', `/v1/contracts/${toHex(chain.contract)}/views/total`, postJson({})],
  ['API_VIEW_FAILED', `/v1/contracts/${toHex(chain.contract)}/views/total`, postJson({ name: 'closed' })],
  ['API_INVALID_REQUEST', `/v1/contracts/${toHex(chain.contract)}/views/To-tal`, postJson({})],
  ['API_INVALID_REQUEST', `/v1/contracts/${toHex(chain.contract)}/rows?reverse=yes`],
  ['API_INVALID_REQUEST', '/v1/events?topic=counted'],
  ['API_BODY_MALFORMED', `/v1/contracts/${toHex(chain.contract)}/views/total`, { ...postJson(0), body: '[' }],
  [
    'API_BODY_MALFORMED',
    `/v1/contracts/${toHex(chain.contract)}/views/total`,
    { ...postJson(0), body: '['.repeat(30_000) + ']'.repeat(30_000) },
  ],
  ['API_BODY_TOO_LARGE', `/v1/contracts/${toHex(chain.contract)}/views/total`, postJson('x'.repeat(70_000))],
  ['API_SIGNATURE_MISSING', `/v1/contracts/${toHex(chain.contract)}/logs`],
  [
    'API_SIGNATURE_MISSING',
    `/v1/contracts/${toHex(chain.contract)}/logs`,
    { headers: { authorization: 'Bearer secret' } },
  ],
  ['API_SIGNATURE_INVALID', logsPath, signedBy(chain.bankSigningSeed, { timeMs: Date.now() - 61_000 })],
  ['API_SIGNATURE_INVALID', logsPath, signedBy(chain.bankSigningSeed, { timeMs: Date.now() + 90_000 })],
  ['API_SIGNATURE_INVALID', `${logsPath}?limit=2`, signedBy(chain.bankSigningSeed)],
  ['API_SIGNATURE_INVALID', logsPath, signedBy(chain.bankSigningSeed, { ledger: new Uint8Array(32) as LedgerId })],
  ['API_NOT_AUTHOR', logsPath, signedBy(new Uint8Array(32).fill(77))],
  ['API_NOT_AUTHOR', logsPath, signedBy(chain.bankSigningSeed, { member: memberIdOf('OTHER') })],
  ['API_METHOD_NOT_ALLOWED', '/v1/status', { method: 'DELETE' }],
  ['API_METHOD_NOT_ALLOWED', `/v1/accounts/${unknown}/positions`, postJson({})],
  ['API_PROOF_PENDING', '/v1/blocks/2/proof'],
  ['API_BODY_TOO_LARGE', '/v1/transactions', postBytes(new Uint8Array(9 * 1_048_576))],
  [
    'API_MEDIA_TYPE_UNSUPPORTED',
    '/v1/transactions',
    { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } },
  ],
  ['API_MEDIA_TYPE_UNSUPPORTED', '/v1/references/search', postBytes(new Uint8Array(4))],
]

test.each(requests)('%s: %s', async (code, path, init) => {
  const { url, faults } = await runningApi()
  expectProblem(await ask(url + path, init), code)
  expect(faults).toEqual([])
})

test('all fields that are wrong are listed at once', async () => {
  const { url } = await runningApi()
  const { body } = await ask(`${url}/v1/accounts?limit=0&cursor=zz&x=1`)
  const { errors } = body as { errors: { pointer: string }[] }
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/query/cursor', '/query/limit', '/query/x'])
})

test('the allow header lists the methods of a path', async () => {
  const { url } = await runningApi()
  expect((await ask(`${url}/v1/transactions`)).headers.get('allow')).toBe('POST')
})

const refusals: RefusalCode[] = [
  'TX_WRONG_LEDGER',
  'TX_EXPIRED',
  'TX_VALIDITY_TOO_FAR',
  'TX_SIGNATURE_INVALID',
  'TX_SIGNATURE_MISSING',
  'TX_LIMITS_TOO_HIGH',
  'TX_LIMITS_TOO_LOW',
  'TX_ACTION_NOT_ACTIVE',
  'TX_TOO_LARGE',
  'MEMPOOL_FULL',
  'NODE_NOT_READY',
]
test.each(refusals)('a refusal of the node is the answer: %s', async (code) => {
  const { url, port } = await runningApi()
  port.submit = async () => ({
    kind: 'answered',
    outcomes: [{ id: chain.unsentId, status: 'refused', code, detail: 'Why.' }],
  })
  expectProblem(await ask(`${url}/v1/transactions`, postBytes(encode(transaction, chain.unsent))), code)
})

test('MEMPOOL_FULL says when to come back, for one, for many and where nothing was looked at', async () => {
  const { url, port } = await runningApi()
  const many = postBytes(encode(submission, [chain.unsent, chain.unsent]))
  const full = { id: chain.unsentId, status: 'refused', code: 'MEMPOOL_FULL', detail: 'Why.' } as const
  const expectFull = async (path: string, request: RequestInit) => {
    const response = await fetch(`${url}${path}`, request)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await response.json()).toMatchObject({ code: 'MEMPOOL_FULL', detail: 'Why.' })
  }
  port.submit = async () => ({ kind: 'refused', code: 'MEMPOOL_FULL', detail: 'Why.', retryAfterSeconds: 7 })
  await expectFull('/v1/transactions', postBytes(encode(transaction, chain.unsent)))
  await expectFull('/v1/transactions/batch', many)
  port.submit = async (form) => ({
    kind: 'answered',
    outcomes: form === 'one' ? [full] : [full, full],
    retryAfterSeconds: 7,
  })
  await expectFull('/v1/transactions', postBytes(encode(transaction, chain.unsent)))
  await expectFull('/v1/transactions/batch', many)

  const taken = { id: chain.unsentId, status: 'received' } as const
  port.submit = async () => ({ kind: 'answered', outcomes: [taken, full], retryAfterSeconds: 7 })
  const part = await fetch(`${url}/v1/transactions/batch`, many)
  expect(part.status).toBe(200)
  expect(await part.json()).toMatchObject({ outcomes: [{ status: 'received' }, { problem: { code: 'MEMPOOL_FULL' } }] })
})

test('API_RATE_LIMITED beyond so many requests a minute, unknown paths included', async () => {
  const { url } = await runningApi({ limits: { requestsPerMinuteMax: 2 } })
  await ask(`${url}/v1/status`)
  await ask(`${url}/nothing`)
  expectProblem(await ask(`${url}/nothing`), 'API_RATE_LIMITED')
  expectProblem(await ask(`${url}/v1/status`), 'API_RATE_LIMITED')
  expect((await ask(`${url}/healthz`)).status).toBe(200)
})

test('API_TOO_MANY_STREAMS beyond so many of one address', async () => {
  const { url } = await runningApi({ limits: { streamsPerAddressMax: 1 } })
  const leaver = new AbortController()
  await fetch(`${url}/v1/events`, { signal: leaver.signal })
  expectProblem(await ask(`${url}/v1/events`), 'API_TOO_MANY_STREAMS')
  leaver.abort()
})

test('API_TOO_MANY_WAITS beyond so many ids', async () => {
  const { url } = await runningApi({ limits: { waitIdsMax: 1 } })
  const ids = [unknown, toHex(chain.unsentId)]
  expectProblem(await ask(`${url}/v1/transactions/statuses`, postJson({ ids, wait: 'final' })), 'API_TOO_MANY_WAITS')
})

test('API_TOO_MANY_VIEWS where too many wait, of one address or of all; the others are answered one after another', async () => {
  for (const limits of [{ viewsWaitingPerAddressMax: 2 }, { viewsWaitingMax: 2 }]) {
    const { url, port } = await runningApi({ limits })
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    port.contractView = async () => {
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => ends.push(resolve))
      running--
      return { height: 1, end: { kind: 'done', output: '1' } }
    }
    const path = `${url}/v1/contracts/${toHex(chain.contract)}/views/total`
    const first = ask(path, postJson({}))
    while (ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    const others = Array.from({ length: 5 }, () => ask(path, postJson({})))
    const statuses: number[] = []
    for (const answer of others) void answer.then(({ status }) => statuses.push(status))
    while (statuses.length < 3) await new Promise((resolve) => setTimeout(resolve, 1))
    const ending = setInterval(() => ends.shift()?.(), 5)
    const answers = await Promise.all([first, ...others])
    clearInterval(ending)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429])
    expect(most).toBe(1)
    expectProblem(answers.find(({ status }) => status === 429)!, 'API_TOO_MANY_VIEWS')
  }
})

test('API_CURSOR_GONE where events of that age are no longer kept', async () => {
  const { url, port } = await runningApi()
  port.firstHeight = 5
  expectProblem(await ask(`${url}/v1/events`, { headers: { 'last-event-id': '1.0' } }), 'API_CURSOR_GONE')
})

test('API_INTERNAL hides the cause, and the operator gets it', async () => {
  const { url, port, faults } = await runningApi()
  port.account = () => Promise.reject(new Error('the secret cause'))
  const answer = await ask(`${url}/v1/accounts/${unknown}`)
  expectProblem(answer, 'API_INTERNAL')
  expect(answer.text).not.toContain('secret')
  expect(faults).toEqual([new Error('the secret cause')])
})

test('readiness tells a node that catches up from one that has halted', async () => {
  const { url, port } = await runningApi()
  expect((await ask(`${url}/readyz`)).status).toBe(200)
  port.syncing = true
  expectProblem(await ask(`${url}/readyz`), 'NODE_NOT_READY')
  port.halted = { code: 'STATE_DIVERGED', detail: 'height 7' }
  expectProblem(await ask(`${url}/readyz`), 'NODE_HALTED')
})

/** What a server answers to bytes that are not written by an HTTP client. */
async function raw(url: string, bytes: string): Promise<Awaited<ReturnType<typeof ask>>> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(bytes)
  let text = ''
  for await (const chunk of socket) text += chunk
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const headers = new Headers(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ') as [string, string]),
  )
  return { status: Number(head.split(' ')[1]), headers, text: body, body: JSON.parse(body) }
}

test('connections that carry no request, or an endless or slow one, are answered and closed', async () => {
  const { url } = await runningApi({ limits: { headerTimeoutMs: 100, requestTimeoutMs: 200 } })
  expectProblem(await raw(url, 'EHLO example\r\n\r\n'), 'API_BAD_HTTP')
  expectProblem(await raw(url, `GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`), 'API_HEADERS_TOO_LARGE')
  expectProblem(await raw(url, 'GET / HTTP/1.1\r\nhost: loc'), 'API_REQUEST_TIMEOUT')
})

test('API_TOO_MANY_CONNECTIONS beyond so many of one address', async () => {
  const { url } = await runningApi({ limits: { connectionsPerAddressMax: 1 } })
  const first = connect(Number(new URL(url).port), '127.0.0.1')
  await new Promise((resolve) => first.once('connect', resolve))
  expectProblem(await raw(url, ''), 'API_TOO_MANY_CONNECTIONS')
  first.destroy()
})

test('API_BUFFER_FULL for the body that has been on its way the longest', async () => {
  const { url, api } = await runningApi({ limits: { inFlightBytesMax: 100_000 } })
  const post = (bytes: number): string =>
    `POST /v1/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\ncontent-length: 90000\r\n\r\n${'x'.repeat(bytes)}`
  const slow = raw(url, post(80_000))
  while (api.stats().inFlightBytes < 80_000) await new Promise((resolve) => setTimeout(resolve, 5))
  const other = connect(Number(new URL(url).port), '127.0.0.1')
  other.write(post(60_000))
  expectProblem(await slow, 'API_BUFFER_FULL')
  other.destroy()
})

test('API_HOST_NOT_ALLOWED where another name leads to the node, unless the operator serves it', async () => {
  const bytes = 'GET /healthz HTTP/1.1\r\nhost: rebound.example:80\r\nconnection: close\r\n\r\n'
  expectProblem(await raw((await runningApi()).url, bytes), 'API_HOST_NOT_ALLOWED')
  expect((await raw((await runningApi({ allowedHosts: ['rebound.example'] })).url, bytes)).status).toBe(200)
})

test('every code is documented in docs/api.md with its status, and no other stands there', () => {
  const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(([, code, status]) => `${code} ${status}`)
  const table = Object.entries(apiErrors).map(([code, { httpStatus }]) => `${code} ${httpStatus}`)
  expect(documented.sort()).toEqual(table.sort())
})

afterAll(() => {
  const missing = Object.keys(apiErrors).filter((code) => !reached.has(code as ApiErrorCode))
  expect(missing, 'codes that no test reaches').toEqual([])
})
