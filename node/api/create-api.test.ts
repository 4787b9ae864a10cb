import { decode, encode, toHex } from '@tallystick/core/codec'
import { addressOf, proofOutcomes, submission, transaction } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import * as chain from '../../client/testing/tiny-chain.ts'
import { ask, postBytes, postJson, runningApi } from './testing/running.ts'

const unsentHex = toHex(chain.unsentId)

test('a transaction is submitted in binary or JSON, and a repetition is no error', async () => {
  const { url, port } = await runningApi()
  const first = await ask(`${url}/v1/transactions`, postBytes(encode(transaction, chain.unsent)))
  const second = await ask(`${url}/v1/transactions`, postJson(transaction.toJson(chain.unsent)))
  expect([first.status, first.body]).toEqual([202, { id: unsentHex, status: 'received' }])
  expect(second.status).toBe(202)
  expect(port.received.get(chain.unsentId.join())).toBe(2)
})

test('many transactions have an outcome each, refusals among them, which are counted', async () => {
  const { url, api } = await runningApi()
  const late = { ...chain.unsent, body: { ...chain.unsent.body, payer: new Uint8Array(32) as typeof chain.bank } }
  const { status, body } = await ask(
    `${url}/v1/transactions/batch`,
    postBytes(encode(submission, [chain.unsent, late])),
  )
  expect(status).toBe(200)
  expect(body).toMatchObject({
    outcomes: [
      { id: unsentHex, status: 'received' },
      { status: 'refused', problem: { code: 'TX_EXPIRED' } },
    ],
  })
  expect(api.stats().refusals).toEqual({ TX_EXPIRED: 1 })
})

test('a wait answers when the stage is reached', async () => {
  const { url, port } = await runningApi()
  const answer = ask(
    `${url}/v1/transactions?wait=executed&timeoutMs=20000`,
    postBytes(encode(transaction, chain.unsent)),
  )
  while (port.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  port.setStatus(chain.unsentId, { status: 'final', height: 3 })
  port.move({ final: 3, executed: 2, proven: 1 })
  port.setStatus(chain.unsentId, { status: 'executed', height: 3, index: 0, result: 'OK' })
  port.move({ final: 3, executed: 3, proven: 1 })
  const { status, body } = await answer
  expect([status, body]).toEqual([200, { id: unsentHex, status: 'executed', height: 3, index: 0, result: 'OK' }])
  expect(port.listeners.size).toBe(0)
})

test('a wait that runs out answers with what is known, and a reader that leaves frees its place', async () => {
  const { url, port } = await runningApi()
  const { status, body } = await ask(`${url}/v1/transactions/${unsentHex}?wait=final&timeoutMs=30`)
  expect([status, body]).toEqual([200, { id: unsentHex, status: 'unknown' }])
  const leaver = new AbortController()
  const left = ask(`${url}/v1/transactions/${unsentHex}?wait=final&timeoutMs=60000`, { signal: leaver.signal })
  left.catch(() => {})
  while (port.listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  leaver.abort()
  while (port.listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
})

test('a receipt proof is the text of a receipt file', async () => {
  const { url } = await runningApi()
  const { status, text } = await ask(
    `${url}/v1/receipts/${toHex(chain.packedId)}/proof?items=1&entries=none&components=0,2`,
  )
  expect(status).toBe(200)
  const proof = JSON.parse(text)
  expect(proof.kind).toBe('receipt')
  expect(proof.items).toHaveLength(1)
  expect(proof.components.map((part: { index: number }) => part.index)).toEqual([0, 2])
  expect(text.endsWith('}\n')).toBe(true)
})

test('many proofs come in binary, and those beyond the size are left out for another request', async () => {
  const { url } = await runningApi({ limits: { proofBytesMax: 1_000 } })
  const requests = [chain.packedId, chain.unsentId, chain.failedId].map((id) => ({ id: toHex(id) }))
  const response = await fetch(`${url}/v1/receipts/proofs`, {
    ...postJson({ requests }),
    headers: { 'content-type': 'application/json', accept: 'application/octet-stream' },
  })
  const outcomes = decode(proofOutcomes, new Uint8Array(await response.arrayBuffer()))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['proven', 'left-out', 'left-out'])
})

test('an account is named by its address or by its hexadecimal digits', async () => {
  const { url } = await runningApi()
  const byHex = await ask(`${url}/v1/accounts/${toHex(chain.alice)}`)
  const byAddress = await ask(`${url}/v1/accounts/${addressOf(chain.alice, 'test')}`)
  expect(byHex.status).toBe(200)
  expect(byAddress.body).toEqual(byHex.body)
  const other = await ask(`${url}/v1/accounts/${addressOf(chain.alice, 'live')}`)
  expect(other.body).toMatchObject({ code: 'API_ADDRESS_OF_OTHER_NETWORK' })
})

test('lists are paged by cursor without loss or repetition', async () => {
  const { url } = await runningApi()
  const seen: string[] = []
  let next: string | null = ''
  for (let pages = 0; next !== null && pages < 9; pages++) {
    const { body } = await ask(`${url}/v1/accounts?limit=2${next === '' ? '' : `&cursor=${next}`}`)
    const page = body as { items: { id: string }[]; next: string | null }
    seen.push(...page.items.map(({ id }) => id))
    next = page.next
  }
  expect(seen.sort()).toEqual([chain.alice, chain.bob, chain.carol].map(toHex).sort())
})

test('pages of other sites may read only where the operator allows it', async () => {
  const { url } = await runningApi({ allowedOrigins: ['https://explorer.example'] })
  const allowed = await ask(`${url}/v1/status`, { headers: { origin: 'https://explorer.example' } })
  const other = await ask(`${url}/v1/status`, { headers: { origin: 'https://elsewhere.example' } })
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://explorer.example')
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
  const preflight = await ask(`${url}/v1/transactions`, {
    method: 'OPTIONS',
    headers: { origin: 'https://explorer.example' },
  })
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, POST'])
})

test('closing ends streams and waits', async () => {
  const { url, api, port } = await runningApi()
  const stream = await fetch(`${url}/v1/events`)
  const wait = ask(`${url}/v1/transactions/${unsentHex}?wait=final&timeoutMs=60000`)
  while (port.listeners.size < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  await api.close()
  expect((await wait).body).toMatchObject({ code: 'NODE_NOT_READY' })
  await stream.text()
  expect(port.listeners.size).toBe(0)
})
