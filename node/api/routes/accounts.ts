import { Type } from '@sinclair/typebox'
import { fromHex } from '@tallystick/core/codec'
import type { AccountId, AssetId, MemberId } from '@tallystick/core/protocol'
import { accountOf } from '../account-text.ts'
import { accountJson, entryJson, pageJson, positionJson, sendProof } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { accountText, canonical, closed, count, hex32 } from '../form/primitives.ts'
import { entryView } from '../form/receipts.ts'
import { account, position } from '../form/records.ts'
import type { StateLookup } from '../port.ts'
import type { Api, Routes } from '../route.ts'
import { pageOf, pageQuery, pageSchema } from './page.ts'
import { stateDocument } from './state.ts'

export const accountRoutes: Routes = (api: Api, { port, network, options }) => {
  const { pageMax } = options.limits
  const params = closed({ id: accountText })
  const positionParams = closed({ id: accountText, asset: hex32 })
  const tags = ['accounts']

  api.get(
    '/v1/accounts',
    {
      schema: {
        operationId: 'accounts',
        summary: 'Lists accounts, by id; without proof.',
        tags,
        querystring: closed({ ...pageQuery(pageMax), member: Type.Optional(hex32) }),
        response: { 200: pageSchema(account) },
      },
    },
    async (request) => {
      const page = pageOf<AccountId>(request.query, pageMax)
      const member =
        request.query.member === undefined ? {} : { member: fromHex(request.query.member) as Uint8Array as MemberId }
      const items = await port.listAccounts({ ...page, ...member })
      return pageJson(
        items,
        page.limit,
        ({ id }) => id,
        ({ id, record }) => accountJson(id, record, network),
      )
    },
  )

  api.get(
    '/v1/accounts/:id',
    {
      schema: {
        operationId: 'account',
        summary: 'An account; without proof.',
        tags,
        params,
        response: { 200: account },
      },
    },
    async (request) => {
      const id = accountOf(request.params.id, network)
      const record = await port.account(id)
      if (record === undefined) throw new ApiError('API_ACCOUNT_UNKNOWN')
      return accountJson(id, record, network)
    },
  )

  api.get(
    '/v1/accounts/:id/proof',
    {
      schema: {
        operationId: 'accountProof',
        summary: 'An account, or its absence, proven from genesis.',
        tags,
        params,
        response: { 200: canonical('a proof document') },
      },
    },
    async (request, reply) => {
      const lookup: StateLookup = { key: { kind: 'account', account: accountOf(request.params.id, network) } }
      return sendProof(reply, await stateDocument(port, [lookup]), 'API_ACCOUNT_UNKNOWN')
    },
  )

  api.get(
    '/v1/accounts/:id/positions',
    {
      schema: {
        operationId: 'positions',
        summary: "An account's positions, by asset; without proof.",
        tags,
        params,
        querystring: closed(pageQuery(pageMax)),
        response: { 200: pageSchema(position) },
      },
    },
    async (request) => {
      const page = pageOf<AssetId>(request.query, pageMax)
      const items = await port.positionsOf(accountOf(request.params.id, network), page)
      return pageJson(items, page.limit, ({ id }) => id, positionJson)
    },
  )

  api.get(
    '/v1/accounts/:id/positions/:asset/proof',
    {
      schema: {
        operationId: 'positionProof',
        summary: 'A position, or its absence, proven from genesis.',
        tags,
        params: positionParams,
        response: { 200: canonical('a proof document') },
      },
    },
    async (request, reply) => {
      const { id, asset } = request.params
      const key = { kind: 'position', account: accountOf(id, network), asset: assetOf(asset) } as const
      return sendProof(reply, await stateDocument(port, [{ key }]), 'API_ACCOUNT_UNKNOWN')
    },
  )

  api.get(
    '/v1/accounts/:id/positions/:asset/entries',
    {
      schema: {
        operationId: 'entries',
        summary: 'The entries of a position, in their order; without proof, but with what opens their chain.',
        tags,
        params: positionParams,
        querystring: closed({
          fromSequence: Type.Optional(count),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax })),
        }),
        response: { 200: closed({ items: Type.Array(entryView) }) },
      },
    },
    async (request) => {
      const { fromSequence = 0, limit = Math.min(100, pageMax) } = request.query
      const account = accountOf(request.params.id, network)
      const entries = await port.entriesOf(account, assetOf(request.params.asset), fromSequence, limit)
      return { items: entries.map(entryJson) }
    },
  )
}

export function assetOf(text: string): AssetId {
  return fromHex(text) as Uint8Array as AssetId
}
