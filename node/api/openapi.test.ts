import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { toHex } from '@tallystick/core/codec'
import { expect, test } from 'vitest'
import * as chain from '../../client/testing/tiny-chain.ts'
import { blockView, nodeStatus } from './form/chain.ts'
import { booking, contract, contractCode, describedContract, rowsPage } from './form/contracts.ts'
import { entryView, receiptView, transactionStatus } from './form/receipts.ts'
import { account, asset, member, position, referenceUse } from './form/records.ts'
import { ask, runningApi } from './testing/running.ts'

type Operation = {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
type Document = { openapi: string; info: { version: string }; paths: Record<string, Record<string, Operation>> }

async function documentOf(url: string): Promise<Document> {
  return (await ask(`${url}/openapi.json`)).body as Document
}

function operations(document: Document): [path: string, method: string, operation: Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [path, method, operation] as [string, string, Operation]),
  )
}

test('the document is OpenAPI 3.1: operations are named once, parameters declared, contents described', async () => {
  const { url } = await runningApi()
  const document = await documentOf(url)
  expect(document.openapi).toBe('3.1.0')
  const all = operations(document)
  expect(new Set(all.map(([, , { operationId }]) => operationId)).size).toBe(all.length)
  for (const [path, method, { summary, parameters = [], requestBody, responses }] of all) {
    expect(summary, `${method} ${path}`).not.toBe('')
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(
      parameters
        .filter((each) => each.in === 'path')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(inPath.sort())
    expect(parameters.every((each) => each.in !== 'path' || each.required)).toBe(true)
    expect(method === 'post').toBe(requestBody !== undefined)
    expect(Object.keys(responses)).toContain('default')
    expect(responses.default?.content?.['application/problem+json']).toBeDefined()
    for (const { description } of Object.values(responses)) expect(description).toBeTypeOf('string')
  }
  // What 3.0 had and 3.1 has not.
  expect(JSON.stringify(document)).not.toMatch(/"nullable"|"\$ref"|"exclusiveM\w+":true/)
})

test('every documented path is served, and every served path is documented', async () => {
  const { url } = await runningApi()
  const document = await documentOf(url)
  const values: Record<string, string> = {
    id: toHex(chain.alice),
    asset: toHex(chain.euro),
    member: toHex(chain.bank),
    key: toHex(chain.euro),
    height: '1',
    contract: toHex(chain.contract),
    hash: toHex(chain.code),
    view: 'total',
  }
  for (const [path, method] of operations(document).map(([p, m]) => [p, m] as const)) {
    const concrete = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '0')
    const other = method === 'get' ? 'DELETE' : 'PUT'
    const { headers, body } = await ask(url + concrete, { method: other })
    expect(body, path).toMatchObject({ code: 'API_METHOD_NOT_ALLOWED' })
    expect(headers.get('allow')?.toLowerCase().split(', ')).toContain(method)
  }
  const linked = (await ask(`${url}/`)).text.matchAll(/href="([^"]+)"/g)
  for (const [, path] of linked) {
    if (path !== '/v1/events') expect((await ask(url + path)).status, path).toBe(200)
  }
})

const pageOfSchema = (body: unknown): unknown[] => (body as { items: unknown[] }).items
const alice = toHex(chain.alice)
const euro = toHex(chain.euro)
const answers: [path: string, schema: TSchema, part?: (body: unknown) => unknown][] = [
  ['/v1/status', nodeStatus],
  [`/v1/transactions/${toHex(chain.packedId)}`, transactionStatus],
  [`/v1/receipts/${toHex(chain.packedId)}`, receiptView],
  [`/v1/receipts/${toHex(chain.failedId)}`, receiptView],
  [`/v1/receipts/${toHex(chain.calledId)}`, receiptView],
  ['/v1/blocks/1', blockView],
  [`/v1/accounts/${alice}`, account],
  ['/v1/accounts', account, (body) => pageOfSchema(body)[0]],
  [`/v1/accounts/${alice}/positions`, position, (body) => pageOfSchema(body)[0]],
  [`/v1/accounts/${alice}/positions/${euro}/entries`, entryView, (body) => pageOfSchema(body)[1]],
  [`/v1/assets/${euro}`, asset],
  [`/v1/members/${toHex(chain.bank)}`, member],
  ['/v1/contracts', contract, (body) => pageOfSchema(body)[0]],
  [`/v1/contracts/${toHex(chain.contract)}`, describedContract],
  [`/v1/contracts/${toHex(chain.contract)}/code`, contractCode],
  [`/v1/codes/${toHex(chain.code)}`, contractCode],
  [`/v1/contracts/${toHex(chain.contract)}/rows`, rowsPage],
  [`/v1/contracts/${toHex(chain.contract)}/bookings`, booking, (body) => pageOfSchema(body)[0]],
  [
    `/v1/references/${toHex(chain.bank)}/${'01'.repeat(32)}`,
    referenceUse,
    (body) => (body as { uses: unknown[] }).uses[0],
  ],
]

test.each(answers)('the answer has the documented form: %s', async (path, schema, part) => {
  const { url } = await runningApi()
  const { status, body } = await ask(url + path)
  expect(status).toBe(200)
  expect([...TypeCompiler.Compile(schema).Errors(part === undefined ? body : part(body))]).toEqual([])
})
