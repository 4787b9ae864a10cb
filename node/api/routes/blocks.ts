import { Type } from '@sinclair/typebox'
import { blockJson, blockViewJson, sendProof } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { blockSummary, blockView } from '../form/chain.ts'
import { canonical, closed, height } from '../form/primitives.ts'
import type { Routes } from '../route.ts'

export const blockRoutes: Routes = (api, { port, options }) => {
  const params = closed({ height })
  const tags = ['blocks']
  const limit = Type.Integer({ minimum: 1, maximum: options.limits.pageMax })

  api.get(
    '/v1/blocks',
    {
      schema: {
        operationId: 'blocks',
        summary: 'Final blocks in rising order; without proof.',
        tags,
        querystring: closed({ fromHeight: Type.Optional(height), limit: Type.Optional(limit) }),
        response: { 200: closed({ items: Type.Array(blockSummary) }) },
      },
    },
    async (request) => {
      const { fromHeight = 0, limit: most = Math.min(100, options.limits.pageMax) } = request.query
      return { items: (await port.blocks(fromHeight, most)).map(blockJson) }
    },
  )

  api.get(
    '/v1/blocks/:height',
    {
      schema: {
        operationId: 'block',
        summary: 'A final block with the ids of its transactions; without proof.',
        tags,
        params,
        response: { 200: blockView },
      },
    },
    async (request) => {
      const block = await port.block(request.params.height)
      if (block === undefined) throw new ApiError('API_BLOCK_UNKNOWN')
      return blockViewJson(block)
    },
  )

  api.get(
    '/v1/blocks/:height/proof',
    {
      schema: {
        operationId: 'blockProof',
        summary: "A block's header, proven from genesis.",
        tags,
        params,
        response: { 200: canonical('a proof document') },
      },
    },
    async (request, reply) => {
      const proof = await port.blockProof(request.params.height)
      const document = typeof proof === 'string' ? proof : ({ kind: 'block', ...proof } as const)
      return sendProof(reply, document, 'API_BLOCK_UNKNOWN')
    },
  )
}
