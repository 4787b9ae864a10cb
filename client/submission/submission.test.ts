import type { ServerResponse } from 'node:http'
import { toHex } from '@tallystick/core/codec'
import { transactionIdOf } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { submittedIn } from '../../node/api/testing/fake-port.ts'
import { keyFromSeed } from '../keys/key.ts'
import { clientOf, deadUrl, startNode, startServer } from '../testing/nodes.ts'
import * as chain from '../testing/tiny-chain.ts'
import { transfer } from '../transaction/actions.ts'
import { buildTransaction, oneGroup } from '../transaction/build.ts'
import { signTransaction } from '../transaction/sign.ts'

const key = keyFromSeed(chain.bankSigningSeed)

async function payments(count: number) {
  const { ledger } = clientOf(['http://localhost'])
  const actions = Array.from({ length: count }, (_, i) =>
    transfer({ debit: chain.alice, credit: chain.bob, asset: chain.euro, amount: BigInt(i + 1) }),
  )
  return Promise.all(
    actions.map((action) =>
      signTransaction(
        buildTransaction({
          ledger,
          groups: oneGroup([action]),
          authorizers: [{ kind: 'account', account: chain.alice }],
          payer: chain.bank,
          validUntilMs: Date.now() + 60_000,
        }),
        [key],
      ),
    ),
  )
}

function submitted(form: 'one' | 'list', encoded: Uint8Array) {
  const transactions = submittedIn(form, encoded)
  if (typeof transactions === 'string') throw new Error(transactions)
  return transactions
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
const problem = (status: number, code: string) => ({ type: '', title: '', status, code, detail: 'Why.', action: 'Do.' })

test('a submission that is repeated is one transaction', async () => {
  const { url, port } = await startNode()
  const client = clientOf([url])
  expect(await client.submit(chain.unsent)).toEqual({ id: chain.unsentId, status: 'received' })
  await client.submit(chain.unsent)
  expect([...port.received.keys()]).toEqual([chain.unsentId.join()])
})

test('many are sent in chunks, each with an outcome in its place', async () => {
  const { url, port } = await startNode()
  const transactions = await payments(600)
  const progress: number[] = []
  const outcomes = await clientOf([url]).submitMany(transactions, { onProgress: (done) => progress.push(done) })
  expect(outcomes.map(({ id }) => toHex(id))).toEqual(transactions.map(({ body }) => toHex(transactionIdOf(body))))
  expect(port.received.size).toBe(600)
  expect(progress.at(-1)).toBe(600)
  expect(progress.length).toBe(3)
})

test('a dead node, one that breaks off and one that answers nonsense are passed over', async () => {
  const node = await startNode()
  const half = await startServer((_, response) => {
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': '100' })
    response.write('{"id":"')
    setTimeout(() => response.destroy(), 10)
  })
  const nonsense = await startServer((_, response) => json(response, 202, { id: 'ff', status: 'received' }))
  const other = await startServer((_, response) => json(response, 202, { id: 'ff'.repeat(32), status: 'received' }))
  const html = await startServer((_, response) => response.end('<html>'))
  const client = clientOf([await deadUrl(), half, nonsense, other, html, node.url])
  expect((await client.submit(chain.unsent)).status).toBe('received')
  expect(node.port.received.size).toBe(1)

  const error = await clientOf([await deadUrl(), half, nonsense, other, html])
    .submit(chain.unsent)
    .catch((thrown: unknown) => thrown as { code: string; attempts: { code: string }[] })
  expect(error).toMatchObject({ code: 'CLIENT_NO_NODE_ANSWERED' })
  expect((error as { attempts: { code: string }[] }).attempts.map(({ code }) => code)).toEqual([
    'CLIENT_NODE_UNREACHABLE',
    'CLIENT_NODE_UNREACHABLE',
    'CLIENT_ANSWER_MALFORMED',
    'CLIENT_ANSWER_MALFORMED',
    'CLIENT_ANSWER_MALFORMED',
  ])
})

test('a node that says 429 is asked again after the time that it names', async () => {
  const times: number[] = []
  const url = await startServer((_, response) => {
    times.push(Date.now())
    if (times.length < 3) json(response, 429, problem(429, 'API_RATE_LIMITED'), { 'retry-after': '1' })
    else json(response, 202, { id: toHex(chain.unsentId), status: 'received' })
  })
  await clientOf([url], { retryTimeMs: 20_000 }).submit(chain.unsent)
  expect(times).toHaveLength(3)
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990)
})

test('what a full node leaves over is sent again until there is room', async () => {
  const transactions = await payments(5)
  const asked: number[] = []
  const { url, port } = await startNode()
  const { submit } = port
  port.submit = async (form, encoded) => {
    const result = await submit(form, encoded)
    if (result.kind !== 'answered') return result
    asked.push(result.outcomes.length)
    const outcomes = result.outcomes.map((outcome, i) =>
      i < 2
        ? outcome
        : { id: outcome.id, status: 'refused' as const, code: 'MEMPOOL_FULL' as const, detail: 'Too much waits.' },
    )
    return { kind: 'answered', outcomes }
  }
  const outcomes = await clientOf([url], { retryTimeMs: 20_000 }).submitMany(transactions)
  expect(asked).toEqual([5, 3, 1])
  expect(outcomes.map(({ status }) => status)).not.toContain('refused')
})

test('a network without room is told as the refusal of each, after a bounded time', async () => {
  const transactions = await payments(3)
  const full = () =>
    startNode((port) => {
      port.submit = async () => ({ kind: 'refused', code: 'MEMPOOL_FULL', detail: 'Why.', retryAfterSeconds: 1 })
    })
  const [a, b] = [await full(), await full()]
  for (const retryTimeMs of [0, 1_500]) {
    const outcomes = await clientOf([a.url, b.url], { retryTimeMs }).submitMany(transactions)
    expect(outcomes).toHaveLength(3)
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'refused', error: { problem: { code: 'MEMPOOL_FULL', status: 429 } } })
    }
  }
  await expect(clientOf([a.url]).submit(chain.unsent)).rejects.toMatchObject({ problem: { code: 'MEMPOOL_FULL' } })
})

test('an answer without end, and one that never comes, are cut off', async () => {
  const endless = await startServer((_, response) => {
    response.writeHead(200)
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more)
    }
    more()
  })
  await expect(clientOf([endless], { requestTimeoutMs: 20_000 }).listAssets()).rejects.toMatchObject({
    code: 'CLIENT_ANSWER_TOO_LARGE',
  })
  const silent = await startServer(() => {})
  await expect(clientOf([silent], { requestTimeoutMs: 50 }).listAssets()).rejects.toMatchObject({
    code: 'CLIENT_NODE_TIMEOUT',
  })
})

test('a refusal stands only where every node refuses, and carries the code of the node', async () => {
  const refusing = () =>
    startNode((port) => {
      port.submit = async (form, encoded) => ({
        kind: 'answered',
        outcomes: submitted(form, encoded).map(({ body }) => ({
          id: transactionIdOf(body),
          status: 'refused',
          code: 'TX_EXPIRED',
          detail: 'Its time is over.',
        })),
      })
    })
  const [a, b] = [await refusing(), await refusing()]
  const node = await startNode()
  await expect(clientOf([a.url, b.url]).submit(chain.unsent)).rejects.toMatchObject({
    code: 'CLIENT_REFUSED',
    problem: { code: 'TX_EXPIRED', status: 422 },
  })
  const [refused] = await clientOf([a.url, b.url]).submitMany([chain.unsent])
  expect(refused).toMatchObject({ status: 'refused', error: { problem: { code: 'TX_EXPIRED' } } })
  const [taken] = await clientOf([a.url, node.url]).submitMany([chain.unsent])
  expect(taken?.status).toBe('received')
})

test('a wait ends with the stage, with the time, with expiry or with the caller', async () => {
  const { url, port } = await startNode()
  const client = clientOf([url])
  expect(await client.waitFor(chain.packedId, 'proven')).toMatchObject({ status: 'proven', result: 'OK' })
  await expect(client.waitFor(chain.unsentId, 'final', { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'CLIENT_WAIT_TIMEOUT',
    message: expect.stringContaining(toHex(chain.unsentId)),
  })
  port.setStatus(chain.unsentId, { status: 'expired' })
  await expect(client.waitFor(chain.unsentId, 'final')).rejects.toMatchObject({ code: 'CLIENT_TRANSACTION_EXPIRED' })
  port.setStatus(chain.unsentId, { status: 'received' })
  const gone = new AbortController()
  const waiting = client.waitFor(chain.unsentId, 'final', { signal: gone.signal })
  gone.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_ABORTED' })
})

test('what a stopped node had taken is sent again through another', async () => {
  const first = await startNode()
  const second = await startNode()
  const transactions = await payments(3)
  const ids = transactions.map(({ body }) => transactionIdOf(body))
  const { submit } = second.port
  second.port.submit = async (form, encoded) => {
    for (const [i, value] of submitted(form, encoded).entries()) {
      second.port.setStatus(transactionIdOf(value.body), { status: 'proven', height: 3, index: i, result: 'OK' })
    }
    return submit(form, encoded)
  }
  const settling = clientOf([first.url, second.url]).settle(transactions, 'proven')
  while (first.port.received.size < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  await first.api.close()
  const settled = await settling
  expect(settled).toEqual(
    ids.map((id, index) => ({ id, outcome: 'status', status: { status: 'proven', height: 3, index, result: 'OK' } })),
  )
})
