import { Type } from '@sinclair/typebox'
import { nodeStatusJson } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { nodeStatus } from '../form/chain.ts'
import { canonical, closed } from '../form/primitives.ts'
import { errorsPage, startPage } from '../pages.ts'
import { errorsPath } from '../problem.ts'
import type { Routes } from '../route.ts'

const unlimited = { rateLimit: false } as const
const hidden = { hide: true } as const

export const serviceRoutes: Routes = (api, { port }) => {
  const tags = ['node']
  api.get(
    '/v1/status',
    {
      schema: {
        operationId: 'nodeStatus',
        summary: 'What the node says of itself.',
        tags,
        response: { 200: nodeStatus },
      },
    },
    async () => nodeStatusJson(await port.status()),
  )
  api.get(
    '/v1/genesis',
    {
      schema: {
        operationId: 'genesis',
        summary: 'The genesis file. Get it once, from who runs the network, and not from a node you do not trust.',
        tags,
        response: { 200: canonical('a genesis') },
      },
    },
    async (_, reply) => reply.type('application/json').send(port.genesisText),
  )
  api.get(
    '/healthz',
    {
      config: unlimited,
      schema: {
        operationId: 'health',
        summary: 'Whether the process answers.',
        tags,
        response: { 200: closed({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' }),
  )
  api.get(
    '/readyz',
    {
      config: unlimited,
      schema: {
        operationId: 'readiness',
        summary: 'Whether the node takes part and is up to date.',
        tags,
        response: { 200: closed({ status: Type.Literal('ready') }) },
      },
    },
    async () => {
      const { halted, syncing } = await port.status()
      if (halted !== undefined) throw new ApiError('NODE_HALTED', `${halted.code}: ${halted.detail}`)
      if (syncing) throw new ApiError('NODE_NOT_READY', 'The node is catching up.')
      return { status: 'ready' }
    },
  )
  api.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        summary: "Measurements, in Prometheus' text format.",
        tags,
        response: {
          200: { description: 'Samples.', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await port.metrics()),
  )
  api.get('/openapi.json', { schema: hidden }, async () => api.swagger())
  api.get('/', { schema: hidden }, async (_, reply) =>
    reply.type('text/html; charset=utf-8').send(startPage(await port.status())),
  )
  api.get(errorsPath, { schema: hidden }, async (_, reply) => reply.type('text/html; charset=utf-8').send(errorsPage()))
}
